/** What separates: what goes together with reaching a goal, or with one of two groups, and how surely. */

import { Button } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useAddress } from "@/api/address.ts";
import { useExplore } from "@/api/explore.ts";
import { useAnswer, useDifference } from "@/api/measure-queries.ts";
import type { Choices, Separates } from "@/api/types.ts";
import { toCsv } from "@/lib/csv.ts";
import { ownersOf, useWhole } from "@/stages/measure/funnel-counted.ts";
import { cellOf, cellOfBoth } from "@/stages/measure/number-of.ts";
import { ChoiceOf, OneStep, StatesField, WithinField } from "@/stages/measure/paths/fields.tsx";
import { Room } from "@/stages/measure/room.tsx";
import { Aside, SeparatesTable } from "@/stages/measure/separates/separates-table.tsx";
import { stateOf } from "@/stages/measure/state-of.tsx";
import { eventWord } from "@/stages/measure/step-words.ts";
import { EmptyState, LoadingState } from "@/ui/states.tsx";
import answer from "@/stages/measure/answer.module.css";
import builder from "@/stages/measure/builder.module.css";
import { WhosePicker } from "@/stages/measure/whose-picker.tsx";

const Picture = lazy(() => import("@/stages/measure/separates/separates-picture.tsx").then((found) => ({ default: found.SeparatesPicture })));

export function SeparatesRoom({ choices }: { readonly choices: Choices }) {
  const { asked, selection, against } = useExplore();
  const { look, see } = useAddress();
  const ready = asked.goal !== null || against !== null;
  const one = useAnswer<Separates>({ question: "separates", asked, selection, enabled: ready && against === null });
  const two = useDifference<Separates>({ question: "separates", asked, selection, enabled: against !== null });
  const query = against ? two : one;
  const shared = { question: "separates" as const, builder: <Builder choices={choices} /> };
  if (!ready) return <Room {...shared} headline="" body={<Begin choices={choices} />} />;
  const state = stateOf(query, "Looking for what separates them");
  const found = query.data;
  if (state || !found) return <Room {...shared} headline="" body={state} />;
  const ground = { question: "separates" as const, asked, selection };
  const open = (cell: string, title: string) => see({ people: against ? cellOfBoth(ground, cell, title) : cellOf(ground, cell, title) });
  const sure = found.things.filter((each) => each.found);
  const first = sure[0];
  return (
    <Room
      {...shared}
      headline={first ? `${first.words} ${found.words}` : found.words}
      stale={query.isPlaceholderData}
      csv={() => csvOf(found)}
      drawing={sure.length > 0 ? async () => (await import("@/stages/measure/separates/separates-picture.tsx")).separatesDrawing(sure) : undefined}
      body={
        <div className={answer.answer}>
          {sure.length > 0 && look.view !== "table" && (
            <Suspense fallback={<LoadingState what="Drawing" />}>
              <Picture things={sure} />
            </Suspense>
          )}
          <Aside found={found} open={open} />
          {found.things.length > 0 && <SeparatesTable found={found} open={open} />}
        </div>
      }
    />
  );
}

function Builder({ choices }: { readonly choices: Choices }) {
  const { against } = useExplore();
  const owners = ownersOf(useWhole());
  return (
    <div className={builder.builder}>
      <WhosePicker />
      <OneStep choices={choices} part="goal" label="The goal" nothing={against ? "none: all that they do counts" : "who reaches which step?"} />
      <StatesField choices={choices} />
      <WithinField label="Done since they began within" />
      <ChoiceOf part="most" label="Shown" options={[["10", "10 things"], ["", "50 things"], ["200", "200 things"], ["1000", "1000 things"]]} />
      <p className={answer.note}>{against ? `What ${owners.many} of A and of B do, set against each other. Who stands on both sides is left out.` : "What those who reach the goal did before it, against what the others did before a moment like it: whoever is there longer would else seem to do more of everything."}</p>
      <p className={answer.note}>What goes together need not bring it about. An experiment says that.</p>
    </div>
  );
}

/** Before a goal is named: what will stand here. */
function Begin({ choices }: { readonly choices: Choices }) {
  const { ask } = useExplore();
  const owners = ownersOf(useWhole());
  const last = choices.events.at(-1);
  return (
    <EmptyState
      title="Which goal?"
      text={`Name the step that some ${owners.many} reach and others do not, or compare two selections. What goes together with it stands here at once.`}
      action={
        last && (
          <Button size="xs" variant="light" onClick={() => ask({ goal: eventWord(last.value, choices) })}>
            What goes together with {last.value}?
          </Button>
        )
      }
    />
  );
}

function csvOf({ things }: Separates): string {
  return toCsv(
    ["what", "kind", "at_least", "a_count", "a_of", "b_count", "b_of", "a_share", "b_share", "difference", "low", "high", "p", "q", "found", "in_words"],
    things.map((one) => [one.label, one.kind, one.at_least, one.a_count, one.a_of, one.b_count, one.b_of, one.a_share, one.b_share, one.difference, one.interval?.[0] ?? null, one.interval?.[1] ?? null, one.p, one.q, one.found ? 1 : 0, one.words]),
  );
}
