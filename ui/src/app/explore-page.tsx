/** Explore: questions about what people did, asked without code. */

import { Redirect, useParams } from "wouter";
import { QUESTIONS } from "@/api/explore.ts";
import { useSearchParams } from "wouter";
import { useChoices } from "@/api/measure-queries.ts";
import { useWorkspace } from "@/api/queries.ts";
import type { Choices } from "@/api/types.ts";
import { NoEvents } from "@/app/no-events.tsx";
import { CohortsRoom } from "@/stages/measure/cohorts/cohorts-room.tsx";
import { FlowRoom } from "@/stages/measure/flow-room.tsx";
import { FunnelRoom } from "@/stages/measure/funnel-room.tsx";
import { LifecycleRoom } from "@/stages/measure/lifecycle-room.tsx";
import { AroundRoom } from "@/stages/measure/paths/around-room.tsx";
import { MatchesRoom } from "@/stages/measure/paths/matches-room.tsx";
import { PathsRoom } from "@/stages/measure/paths/paths-room.tsx";
import { ReworkRoom } from "@/stages/measure/paths/rework-room.tsx";
import { VariantsRoom } from "@/stages/measure/paths/variants-room.tsx";
import { RetentionRoom } from "@/stages/measure/retention-room.tsx";
import { SeparatesRoom } from "@/stages/measure/separates/separates-room.tsx";
import { SessionsRoom } from "@/stages/measure/sessions-room.tsx";
import { StickinessRoom } from "@/stages/measure/trends/stickiness-room.tsx";
import { TrendsRoom } from "@/stages/measure/trends/trends-room.tsx";
import { stateOf } from "@/stages/measure/state-of.tsx";

export function ExplorePage() {
  const [params] = useSearchParams();
  const { question } = useParams<{ question?: string }>();
  const workspace = useWorkspace();
  const choices = useChoices(params.get("map"));
  if (!QUESTIONS.some((one) => one === question)) return <Redirect to={`/explore/funnel${params.size ? `?${params.toString()}` : ""}`} replace />;
  const state = stateOf(workspace, "Opening the workspace") ?? stateOf(choices, "Reading what there is to ask about");
  if (state || !choices.data) return state;
  if (workspace.data?.events === 0) return <NoEvents then="Then ask who gets through and who comes back." />;
  return <Asking question={question ?? ""} choices={choices.data} />;
}

function Asking({ question, choices }: { readonly question: string; readonly choices: Choices }) {
  switch (question) {
    case "flow":
      return <FlowRoom choices={choices} />;
    case "paths":
      return <PathsRoom choices={choices} />;
    case "around":
      return <AroundRoom choices={choices} />;
    case "variants":
      return <VariantsRoom choices={choices} />;
    case "rework":
      return <ReworkRoom choices={choices} />;
    case "matches":
      return <MatchesRoom choices={choices} />;
    case "trends":
      return <TrendsRoom choices={choices} />;
    case "stickiness":
      return <StickinessRoom choices={choices} />;
    case "retention":
      return <RetentionRoom choices={choices} />;
    case "cohorts":
      return <CohortsRoom choices={choices} />;
    case "separates":
      return <SeparatesRoom choices={choices} />;
    case "sessions":
      return <SessionsRoom choices={choices} />;
    case "lifecycle":
      return <LifecycleRoom choices={choices} />;
    default:
      return <FunnelRoom choices={choices} />;
  }
}
