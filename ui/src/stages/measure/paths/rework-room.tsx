/** Returns and loops: what people come back to, how soon, and which two steps they go back and forth between. */

import { useAddress } from "@/api/address.ts";
import { useExplore } from "@/api/explore.ts";
import { useAnswer, useDifference } from "@/api/measure-queries.ts";
import type { Choices, Rework, ReworkDiff } from "@/api/types.ts";
import { toCsv } from "@/lib/csv.ts";
import { BreakDown } from "@/stages/measure/break-down.tsx";
import { partOf } from "@/lib/cells.ts";
import { wholeOf } from "@/stages/measure/funnel-counted.ts";
import { cellOf, type Ground, UNKNOWN } from "@/stages/measure/number-of.ts";
import { DifferencesTable, type Differing } from "@/stages/measure/paths/differences-table.tsx";
import { ChoiceOf, StatesField } from "@/stages/measure/paths/fields.tsx";
import { LoopsTable, ReturnsTable, type Turns } from "@/stages/measure/paths/rework-tables.tsx";
import { reworkDiffSentence, reworkSentence } from "@/stages/measure/paths/sentences.ts";
import { WaysNav } from "@/stages/measure/paths/ways-nav.tsx";
import { Room } from "@/stages/measure/room.tsx";
import { stateOf } from "@/stages/measure/state-of.tsx";
import answer from "@/stages/measure/answer.module.css";
import builder from "@/stages/measure/builder.module.css";
import { WhosePicker } from "@/stages/measure/whose-picker.tsx";

export function ReworkRoom({ choices }: { readonly choices: Choices }) {
  const { asked, selection, against } = useExplore();
  const { see } = useAddress();
  const one = useAnswer<Rework>({ question: "rework", asked, selection, enabled: against === null });
  const two = useDifference<ReworkDiff>({ question: "rework", asked, selection, enabled: against !== null });
  const query = against ? two : one;
  const shared = { question: "rework" as const, builder: <Builder choices={choices} /> };
  const state = stateOf(query, "Counting who comes back to what");
  const diff = against ? (two.data ?? null) : null;
  const found = against ? null : (one.data ?? null);
  if (state || !(diff ?? found)) return <Room {...shared} headline="" body={state} />;
  const counted = wholeOf(asked.of);
  const ground: Ground = { question: "rework", asked, selection };
  const openIn = (from: Ground, part: string) => (cell: string, title: string) => see({ people: cellOf(from, cell + part, title) });
  const sides: readonly Turns[] =
    diff && against
      ? [
          { ...diff.a, name: "A", open: openIn(ground, "") },
          { ...diff.b, name: "B", open: openIn({ ...ground, selection: against }, "") },
        ]
      : found
        ? [{ ...found, name: "", open: openIn(ground, "") }, ...(found.by ?? []).map((part): Turns => ({ ...part, name: part.value ?? UNKNOWN, open: openIn(ground, partOf(part)) }))]
        : [];
  return (
    <Room
      {...shared}
      headline={diff ? reworkDiffSentence(diff, counted) : found ? reworkSentence(found, counted) : ""}
      stale={query.isPlaceholderData}
      csv={() => csvOf(sides)}
      body={
        <div className={answer.answer}>
          {diff && <DifferencesTable rows={differing(diff)} first="" />}
          {sides.map((side) => (
            <div key={side.name} className={answer.answer}>
              <ReturnsTable turns={side} />
              <LoopsTable turns={side} />
            </div>
          ))}
        </div>
      }
    />
  );
}

function Builder({ choices }: { readonly choices: Choices }) {
  return (
    <div className={builder.builder}>
      <WaysNav now="rework" />
      <WhosePicker />
      <p className={answer.note}>A visit is one or more events of the same step in a row. Coming back is a later visit, with something else between.</p>
      <StatesField choices={choices} />
      <ChoiceOf part="most" label="Shown" options={[["5", "5 steps and loops"], ["", "12 steps and loops"], ["40", "40 steps and loops"], ["1000", "1000 steps and loops"]]} />
      <BreakDown choices={choices} />
    </div>
  );
}

function differing({ states, loops }: ReworkDiff): readonly Differing[] {
  const back = states.map((one): Differing => ({ key: `${one.state} ${one.joins ?? ""}`, first: "", what: `come back to ${one.joins == null ? one.state : `${one.joins} others`}`, share: one.share }));
  return [...back, ...loops.map((one): Differing => ({ key: `${one.state} > ${one.through}`, first: "", what: `${one.state} → ${one.through} → ${one.state}`, share: one.share }))];
}

function csvOf(sides: readonly Turns[]): string {
  return toCsv(
    ["of", "step", "through", "people", "times", "share", "low", "high", "median_seconds"],
    sides.flatMap(({ name, states, loops, rest }) => [
      ...states.map((one) => [name, one.state, null, one.returning, one.returns, one.share, one.interval?.[0] ?? null, one.interval?.[1] ?? null, one.median_seconds]),
      ...loops.map((one) => [name, one.state, one.through, one.entities, one.count, one.share, one.interval?.[0] ?? null, one.interval?.[1] ?? null, one.median_seconds]),
      [name, `${rest.loops} other loops`, null, rest.entities, rest.count, rest.share, rest.interval?.[0] ?? null, rest.interval?.[1] ?? null, rest.median_seconds],
    ]),
  );
}
