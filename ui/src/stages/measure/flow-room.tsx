/** Flow: where people go next, the largest moves as a picture, all of them as a table; or how B differs from A. */

import { lazy, Suspense } from "react";
import { useAddress } from "@/api/address.ts";
import { useExplore } from "@/api/explore.ts";
import { useAnswer, useDifference } from "@/api/measure-queries.ts";
import type { Choices, Transitions, TransitionsDiff } from "@/api/types.ts";
import { moveCell } from "@/lib/cells.ts";
import { count } from "@/lib/format.ts";
import { readUnit } from "@/lib/units.ts";
import { clearest, differentBands, flowCsv, flowDiffCsv, largest, plainBands } from "@/stages/measure/flow-bands.ts";
import { FlowBuilder } from "@/stages/measure/flow-builder.tsx";
import { type Band, DRAWN } from "@/stages/measure/flow-chart.ts";
import { FlowDiffTable, FlowTable } from "@/stages/measure/flow-table.tsx";
import { type Counted, ownersOf, wholeOf } from "@/stages/measure/funnel-counted.ts";
import { cellOf, type Ground } from "@/stages/measure/number-of.ts";
import { Room } from "@/stages/measure/room.tsx";
import { commonest, flowDiffSentence, flowSentence } from "@/stages/measure/sentences.ts";
import { stateOf } from "@/stages/measure/state-of.tsx";
import { EmptyState, LoadingState } from "@/ui/states.tsx";

const Picture = lazy(() => import("@/stages/measure/flow-picture.tsx").then((found) => ({ default: found.FlowPicture })));

interface Drawn {
  readonly bands: readonly Band[];
  readonly rest: string;
  readonly headline: string;
  readonly csv: () => string;
  readonly table: React.ReactNode;
}

export function FlowRoom({ choices }: { readonly choices: Choices }) {
  const { asked, selection, against } = useExplore();
  const { look, see } = useAddress();
  const one = useAnswer<Transitions>({ question: "flow", asked, selection, enabled: against === null });
  const two = useDifference<TransitionsDiff>({ question: "flow", asked, selection, enabled: against !== null });
  const query = against ? two : one;
  const shared = { question: "flow" as const, builder: <FlowBuilder choices={choices} /> };
  const state = stateOf(query, "Counting moves");
  if (state) return <Room {...shared} headline="" body={state} />;
  const ground: Ground = { question: "flow", asked, selection };
  const counted = wholeOf(asked.of);
  const who = readUnit(asked.of).by === "person" ? ownersOf(counted).name : "Sessions";
  const open = (edge: Move, of: Ground, side: string) => see({ people: cellOf(of, moveCell(edge.from, edge.to), titleOf(edge, ownersOf(counted).who, side)) });
  const drawn = against ? two.data && differing(two.data, { who, counted }, (edge, side) => open(edge, side === "A" ? ground : { ...ground, selection: against }, ` in ${side}`)) : one.data && plainly(one.data, { who, counted }, (edge) => open(edge, ground, ""));
  if (!drawn) return <Room {...shared} headline="" body={null} />;
  if (drawn.bands.length === 0) return <Room {...shared} headline={drawn.headline} body={<EmptyState title="No moves" text="Widen the period or take a filter away." />} />;
  return (
    <Room
      {...shared}
      headline={drawn.headline}
      stale={query.isPlaceholderData}
      csv={drawn.csv}
      drawing={async () => (await import("@/stages/measure/flow-picture.tsx")).flowDrawing(drawn.bands, against !== null)}
      body={
        look.view === "table" ? (
          drawn.table
        ) : (
          <Suspense fallback={<LoadingState what="Drawing" />}>
            <Picture bands={drawn.bands} differ={against !== null} rest={drawn.rest} open={(band) => open(band, ground, against ? " in A" : "")} />
            {drawn.table}
          </Suspense>
        )
      }
    />
  );
}

/** What is counted, as the head of a column and in sentences. */
interface Words {
  readonly who: string;
  readonly counted: Counted;
}

interface Move {
  readonly from: string;
  readonly to: string;
}

function titleOf({ from, to }: Move, who: string, side: string): string {
  return from === to ? `${who} came to ${from} again${side}` : `${who} went from ${from} to ${to}${side}`;
}

/** What one selection shows. */
function plainly(answer: Transitions, { who, counted }: Words, open: (edge: Move) => void): Drawn {
  const edges = commonest(answer.edges);
  const rest = edges.slice(DRAWN);
  return {
    bands: plainBands(edges.slice(0, DRAWN), who),
    rest: rest.length > 0 ? ` ${count(rest.length)} smaller moves, made ${count(rest.reduce((sum, edge) => sum + edge.count, 0))} times, stand in the table.` : "",
    headline: flowSentence(answer, counted),
    csv: () => flowCsv(edges),
    table: <FlowTable answer={answer} edges={edges} who={who} open={open} />,
  };
}

/** What two selections show. */
function differing(diff: TransitionsDiff, { who, counted }: Words, open: (edge: Move, side: "A" | "B") => void): Drawn {
  const edges = clearest(diff.edges);
  const rest = diff.edges.length - DRAWN;
  return {
    bands: differentBands(largest(diff.edges).slice(0, DRAWN), diff),
    rest: rest > 0 ? ` ${count(rest)} smaller moves stand in the table.` : "",
    headline: flowDiffSentence(diff, counted),
    csv: () => flowDiffCsv(edges),
    table: <FlowDiffTable diff={diff} edges={edges} who={who} open={open} />,
  };
}
