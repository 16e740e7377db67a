/** The columns of a funnel's table that say how long a step takes, of those who get there or of everybody. */

import { count, duration } from "@/lib/format.ts";
import { type Counted, many } from "@/stages/measure/funnel-counted.ts";
import type { FunnelRow } from "@/stages/measure/funnel-table.tsx";
import type { ColumnOf } from "@/ui/data-table.tsx";
import { Figure } from "@/ui/figure.tsx";
import classes from "./answer.module.css";

/** What was asked for decides which columns there are. */
export function timeColumns(rows: readonly FunnelRow[], counted: Counted): readonly ColumnOf<FunnelRow>[] {
  if (!rows.some((row) => row.step.survival != null)) return [{ name: "Time to it", right: true, show: (row) => <TimeTo row={row} /> }];
  const over = rows.some((row) => row.step.survival?.over != null);
  return [
    { name: "Half get there in", right: true, show: (row) => <Half row={row} /> },
    { name: "Not there yet", right: true, show: (row) => <Still row={row} counted={counted} /> },
    ...(over ? [{ name: "Ended without it", right: true, show: (row: FunnelRow) => <Over row={row} counted={counted} /> }] : []),
  ];
}

function TimeTo({ row: { step, series } }: { readonly row: FunnelRow }) {
  if (step.median_seconds == null) return null;
  const range = step.median_interval ? `Likely ${duration(step.median_interval[0])} to ${duration(step.median_interval[1])}.` : "Too few for an interval.";
  const meaning = {
    what: `Time from ${series.steps[0]?.name ?? ""} to ${step.name} in the middle case, of those who got there.`,
    lines: [range, `${count(step.censored ?? 0)} had not got there when their time or the data ended; they have no time in it.`],
  };
  return <Figure meaning={meaning}>{duration(step.median_seconds)}</Figure>;
}

function Half({ row: { step } }: { readonly row: FunnelRow }) {
  const { survival } = step;
  if (!survival) return null;
  const [low, high] = survival.median_interval ?? [null, null];
  const range = low === null ? "Too few, or too far from half, for an interval." : `Likely ${duration(low)} to ${high === null ? "any time later" : duration(high)}.`;
  const quarter = survival.quarter_seconds === null ? "Fewer than a quarter are expected to." : `A quarter within ${duration(survival.quarter_seconds)}.`;
  const meaning = { what: `Time after which half of all have reached ${step.name}, with those who have not (yet) counted.`, lines: [range, quarter] };
  return <Figure meaning={meaning}>{survival.median_seconds === null ? <span className={classes.one}>not half of them</span> : duration(survival.median_seconds)}</Figure>;
}

interface EndProps {
  readonly row: FunnelRow;
  readonly counted: Counted;
}

function Still({ row, counted }: EndProps) {
  const { step, k } = row;
  if (!step.survival) return null;
  const meaning = { what: `${many(step.survival.censored, counted)} had not reached ${step.name} when the data ended.`, lines: ["They count as still on the way until then.", "A click opens them."] };
  return (
    <Figure meaning={meaning} onOpen={() => row.list(`censored ${k + 1}`, `Not (yet) at ${step.name}`)}>
      {count(step.survival.censored)}
    </Figure>
  );
}

function Over({ row, counted }: EndProps) {
  const { step, k } = row;
  if (step.survival?.over == null) return null;
  const meaning = { what: `${many(step.survival.over, counted)} ended without ${step.name}.`, lines: ["The session or the window ended, or the next attempt began.", "A click opens whose they are."] };
  return (
    <Figure meaning={meaning} onOpen={() => row.list(`over ${k + 1}`, `Ended without ${step.name}`)}>
      {count(step.survival.over)}
    </Figure>
  );
}
