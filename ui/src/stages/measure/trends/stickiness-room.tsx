/** Stickiness: on how many days, weeks or months people are active, as a sentence, bars, and a table of people. */

import { lazy, Suspense } from "react";
import { useAddress } from "@/api/address.ts";
import { useExplore } from "@/api/explore.ts";
import { useAnswer, useDifference } from "@/api/measure-queries.ts";
import type { Choices, Stickiness, StickinessDiff, StickinessLevel } from "@/api/types.ts";
import { toCsv } from "@/lib/csv.ts";
import { count, percent } from "@/lib/format.ts";
import { BreakDown } from "@/stages/measure/break-down.tsx";
import { many, ownersOf, useWhole, wholeOf } from "@/stages/measure/funnel-counted.ts";
import { cellOf, type Ground, UNKNOWN } from "@/stages/measure/number-of.ts";
import { partOf } from "@/lib/cells.ts";
import { ChoiceOf } from "@/stages/measure/paths/fields.tsx";
import { Room } from "@/stages/measure/room.tsx";
import { RulePicker } from "@/stages/measure/rule-picker.tsx";
import { likelyShare } from "@/stages/measure/sentences.ts";
import { stateOf } from "@/stages/measure/state-of.tsx";
import { stickinessDiffSentence, stickinessSentence } from "@/stages/measure/trends/sentences.ts";
import { type Levels, onExactly, type StickinessDrawing } from "@/stages/measure/trends/stickiness-chart.ts";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { Figure } from "@/ui/figure.tsx";
import { LoadingState } from "@/ui/states.tsx";
import answer from "@/stages/measure/answer.module.css";
import builder from "@/stages/measure/builder.module.css";
import { WhosePicker } from "@/stages/measure/whose-picker.tsx";

const Picture = lazy(() => import("@/stages/measure/trends/stickiness-picture.tsx").then((found) => ({ default: found.StickinessPicture })));

export function StickinessRoom({ choices }: { readonly choices: Choices }) {
  const { asked, selection, against } = useExplore();
  const { look, see } = useAddress();
  const one = useAnswer<Stickiness>({ question: "stickiness", asked, selection, enabled: against === null });
  const two = useDifference<StickinessDiff>({ question: "stickiness", asked, selection, enabled: against !== null });
  const query = against ? two : one;
  const shared = { question: "stickiness" as const, builder: <Builder choices={choices} /> };
  const state = stateOf(query, `Counting on how many days ${ownersOf(wholeOf(asked.of)).many} are active`);
  const diff = against ? (two.data ?? null) : null;
  const found = against ? null : (one.data ?? null);
  if (state || !(diff ?? found)) return <Room {...shared} headline="" body={state} />;
  const counted = wholeOf(asked.of);
  const owners = ownersOf(counted);
  const ground: Ground = { question: "stickiness", asked, selection };
  const period = (diff?.a ?? found)?.period ?? "day";
  const listIn = (from: Ground, part: string) => (cell: string, title: string) => cellOf(from, cell + part, title);
  const sides: readonly Levels[] = diff && against ? [{ ...diff.a, name: "A", list: listIn(ground, "") }, { ...diff.b, name: "B", list: listIn({ ...ground, selection: against }, "") }] : found ? [{ ...found, name: owners.everybody, list: listIn(ground, "") }] : [];
  const drawing: StickinessDrawing = { sides, period, counted };
  const tables = [...sides, ...(found?.by ?? []).map((part): Levels => ({ ...part, name: part.value ?? UNKNOWN, list: listIn(ground, partOf(part)) }))];
  const below = (
    <div className={answer.answer}>
      {tables.map((side) => (
        <LevelsTable key={side.name} {...{ side, period }} open={(cell, title) => see({ people: side.list(cell, title) })} />
      ))}
    </div>
  );
  return (
    <Room
      {...shared}
      headline={diff ? stickinessDiffSentence(diff, counted) : found ? stickinessSentence(found, counted) : ""}
      stale={query.isPlaceholderData}
      csv={() => csvOf(tables)}
      drawing={async () => (await import("@/stages/measure/trends/stickiness-picture.tsx")).stickinessDrawing(drawing)}
      body={
        look.view === "table" ? (
          below
        ) : (
          <Suspense fallback={<LoadingState what="Drawing" />}>
            <Picture drawing={drawing} open={(side, periods) => see({ people: side.list(String(periods), `Active ${onExactly(periods, period)}`) })} />
            {below}
          </Suspense>
        )
      }
    />
  );
}

function Builder({ choices }: { readonly choices: Choices }) {
  const { asked, ask } = useExplore();
  return (
    <div className={builder.builder}>
      <WhosePicker />
      <RulePicker choices={choices} label="Active with" rule={asked.active} onChange={(active) => ask({ active })} />
      <ChoiceOf part="period" label="By" options={[["", "day"], ["week", "week"], ["month", "month"]]} />
      <BreakDown choices={choices} />
    </div>
  );
}

function LevelsTable({ side, period, open }: { readonly side: Levels; readonly period: string; readonly open: (cell: string, title: string) => void }) {
  const counted = useWhole();
  const opening = (number: number, cell: string, title: string) =>
    number !== 0 ? (
      <Figure meaning={{ what: `${title}.`, lines: ["A click opens them."] }} onOpen={() => open(cell, title)}>
        {count(number)}
      </Figure>
    ) : (
      "0"
    );
  const columns: readonly ColumnOf<StickinessLevel>[] = [
    { name: `${period}s`, right: true, show: (row) => row.periods },
    { name: `${ownersOf(counted).name}, exactly`, right: true, show: (row) => opening(row.entities, String(row.periods), `Active ${onExactly(row.periods, period)}`) },
    { name: "At least so many", right: true, show: (row) => opening(row.at_least, `at least ${row.periods}`, `Active on ${row.periods} or more ${period}s`) },
    { name: "Of all", right: true, show: (row) => <Figure meaning={{ what: "Active on at least so many, of all who are active.", lines: [`${likelyShare(row.interval)} (95 %, Wilson).`] }}>{percent(row.share)}</Figure> },
  ];
  return <DataTable caption={`${side.name}: ${many(side.entities, counted)} by ${period}s on which they are active`} columns={columns} rows={side.levels} keyOf={(row) => String(row.periods)} />;
}

function csvOf(sides: readonly Levels[]): string {
  return toCsv(
    ["of", "periods", "people", "at_least", "share", "low", "high"],
    sides.flatMap(({ name, levels }) => levels.map((one) => [name, one.periods, one.entities, one.at_least, one.share, one.interval?.[0] ?? null, one.interval?.[1] ?? null])),
  );
}
