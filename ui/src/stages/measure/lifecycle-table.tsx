/** The life of people as a table: one row a period, every number opens its people, marks stand in their row. */

import type { PeopleOf } from "@/api/people-of.ts";
import type { LifePeriod } from "@/api/types.ts";
import { MarkTag } from "@/charts/release-marks.tsx";
import { count, day, percent } from "@/lib/format.ts";
import { marksBetween } from "@/lib/marks.ts";
import { endOf } from "@/lib/periods.ts";
import { type Kind, KIND_WORDS, KINDS, type LifeDrawing } from "@/stages/measure/lifecycle-chart.ts";
import { cellOf, type Ground } from "@/stages/measure/number-of.ts";
import { likelyShare } from "@/stages/measure/sentences.ts";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { Figure } from "@/ui/figure.tsx";
import classes from "./answer.module.css";

interface LifecycleTableProps {
  readonly name: string;
  readonly drawing: LifeDrawing;
  readonly ground: Ground;
  /** What follows the cell of a part; empty for all. */
  readonly part: string;
  readonly open: (of: PeopleOf) => void;
}

export function LifecycleTable({ name, drawing, ground, part, open }: LifecycleTableProps) {
  const { periods, period, timezone, marks } = drawing;
  const list = (one: LifePeriod, kind: Kind) => open(cellOf(ground, `${one.start} ${kind}${part}`, `${KIND_WORDS[kind].name}, ${period} of ${day(one.start, timezone)}${name && `, ${name}`}`));
  const column = (kind: Kind): ColumnOf<LifePeriod> => ({
    name: KIND_WORDS[kind].name,
    right: true,
    sort: (one) => one[kind],
    show: (one) =>
      one[kind] === null ? (
        <span className={classes.words}>not over</span>
      ) : (
        <Figure meaning={{ what: KIND_WORDS[kind].what, lines: ["A click opens them."] }} onOpen={() => list(one, kind)}>
          {count(one[kind] ?? 0)}
        </Figure>
      ),
  });
  const columns: readonly ColumnOf<LifePeriod>[] = [
    {
      name: "From",
      sort: (one) => one.start,
      show: (one) => (
        <>
          {day(one.start, timezone)}
          <MarkTag marks={marksBetween(marks, one.start, endOf(one.start, period, timezone))} timezone={timezone} />
        </>
      ),
    },
    ...KINDS.map(column),
    {
      name: "Stayed",
      right: true,
      sort: (one) => one.stayed,
      show: (one) =>
        one.stayed !== null && (
          <Figure meaning={{ what: `Of those there in the ${period} before, the share that is there again.`, lines: [one.interval ? `${likelyShare(one.interval)} (95 %, Wilson).` : (one.why ?? "")] }}>{percent(one.stayed)}</Figure>
        ),
    },
  ];
  return <DataTable caption={`${name ? `${name}: by` : "By"} ${period}`} columns={columns} rows={[...periods].reverse()} keyOf={(one) => one.start} />;
}
