/** A funnel as a table: people, shares with what is likely, time, and who stopped; numbers open their people. */

import type { PeopleOf } from "@/api/people-of.ts";
import type { FunnelDiff, FunnelStep } from "@/api/types.ts";
import { funnelCell } from "@/lib/cells.ts";
import { count, duration, percent } from "@/lib/format.ts";
import type { FunnelSeries } from "@/stages/measure/funnel-chart.ts";
import { cellOf, type Ground } from "@/stages/measure/number-of.ts";
import { likelyShare } from "@/stages/measure/sentences.ts";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { Figure } from "@/ui/figure.tsx";
import classes from "./answer.module.css";

interface FunnelTableProps {
  readonly series: readonly FunnelSeries[];
  readonly grounds: readonly Ground[];
  readonly diff: FunnelDiff | null;
  readonly open: (of: PeopleOf) => void;
}

interface Row {
  readonly series: FunnelSeries;
  readonly k: number;
  readonly step: FunnelStep;
  readonly before: FunnelStep | undefined;
  readonly ground: Ground;
  readonly words: string;
}

export function FunnelTable({ series, grounds, diff, open }: FunnelTableProps) {
  const found = series.flatMap((one, place): Row[] =>
    one.steps.map((step, k) => ({
      series: one,
      k,
      step,
      before: one.steps[k - 1],
      ground: grounds[place] ?? (grounds[0] as Ground),
      words: diff && place === 1 && k > 0 ? (diff.steps[k]?.from_first.words ?? "") : "",
    })),
  );
  // A and B of a step stand under each other; the parts of a breakdown stay whole.
  const rows = diff ? [...found].sort((x, y) => x.k - y.k) : found;
  const reached = (row: Row) => cellOf(row.ground, funnelCell("reached", row.k + 1, row.series.part), `People who reached ${row.step.name}`);
  const dropped = (row: Row) => cellOf(row.ground, funnelCell("dropped", row.k + 1, row.series.part), `People who stopped before ${row.step.name}`);
  const columns: readonly ColumnOf<Row>[] = [
    ...(series.length > 1 ? [{ name: diff ? "Side" : "Of", show: (row: Row) => row.series.name ?? "" }] : []),
    { name: "Step", show: (row) => <span className={classes.one}>{`${row.k + 1}. ${row.step.name}`}</span> },
    {
      name: "People",
      right: true,
      show: (row) => (
        <Figure meaning={{ what: `People who took the steps up to ${row.step.name}.`, lines: [`${count(row.step.entities)} people; a click opens them.`] }} onOpen={() => open(reached(row))}>
          {count(row.step.entities)}
        </Figure>
      ),
    },
    {
      name: "Of the first",
      right: true,
      show: (row) =>
        row.step.from_first !== null && (
          <Figure meaning={{ what: "Share of those who took the first step.", lines: [row.k ? `${likelyShare(row.step.interval)} (95 %, Wilson).` : "All of them, by definition."] }}>{percent(row.step.from_first)}</Figure>
        ),
    },
    { name: "Likely", show: (row) => <span className={classes.one}>{row.k ? likelyShare(row.step.interval).replace(/^likely /, "") : ""}</span> },
    { name: "Of the step before", right: true, show: (row) => (row.k && row.step.from_previous !== null ? percent(row.step.from_previous) : "") },
    {
      name: "Stop before it",
      right: true,
      show: (row) =>
        row.before && (
          <Figure meaning={{ what: `People who took ${row.before.name} and not ${row.step.name}.`, lines: ["A click opens them."] }} onOpen={() => open(dropped(row))}>
            {count(row.before.entities - row.step.entities)}
          </Figure>
        ),
    },
    { name: "Time to it", right: true, show: (row) => <TimeTo step={row.step} first={row.series.steps[0]?.name ?? ""} /> },
    ...(diff ? [{ name: "In words", show: (row: Row) => <span className={classes.words}>{row.words}</span> }] : []),
  ];
  return <DataTable caption={diff ? "A against B" : "The steps"} columns={columns} rows={rows} keyOf={(row) => `${row.series.name} ${row.k}`} />;
}

export const UNKNOWN = "not known";

function TimeTo({ step, first }: { readonly step: FunnelStep; readonly first: string }) {
  if (step.median_seconds == null) return null;
  const range = step.median_interval ? `Likely ${duration(step.median_interval[0])} to ${duration(step.median_interval[1])}.` : "Too few for an interval.";
  const meaning = {
    what: `Time from ${first} to ${step.name} in the middle case, of those who got there.`,
    lines: [range, `${count(step.censored ?? 0)} had not got there when their time or the data ended; they have no time in it.`],
  };
  return <Figure meaning={meaning}>{duration(step.median_seconds)}</Figure>;
}
