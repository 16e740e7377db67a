/** Trends as tables, newest last: numbers of people open them; and the differences of two sides. */

import type { PeopleOf } from "@/api/people-of.ts";
import type { Difference, TrendPoint, TrendsDiff } from "@/api/types.ts";
import { MarkTag } from "@/charts/release-marks.tsx";
import { count, likely, money } from "@/lib/format.ts";
import { type Mark, marksBetween } from "@/lib/marks.ts";
import { endOf } from "@/lib/periods.ts";
import { ownersOf, useWhole } from "@/stages/measure/funnel-counted.ts";
import { called, isWhole, type Line } from "@/stages/measure/trends/lines.ts";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { Figure } from "@/ui/figure.tsx";
import classes from "@/stages/measure/answer.module.css";

interface TrendTableProps {
  readonly line: Line;
  readonly period: string;
  readonly timezone: string;
  readonly currency: string | null;
  readonly marks: readonly Mark[];
  readonly open: (of: PeopleOf) => void;
}

const ALL = "(all)";

type Row = Omit<TrendPoint, "start" | "over" | "cut" | "overlap"> & { readonly start: string; readonly name: string; readonly note: string };

export function TrendTable({ line, period, timezone, currency, marks, open }: TrendTableProps) {
  const owners = ownersOf(useWhole());
  const rows: readonly Row[] = [
    ...line.points.map((one): Row => ({ ...one, name: called(one.start, period, timezone), note: isWhole(one) ? "" : one.over ? "begins before the selection" : "not over" })),
    { ...line.whole, start: ALL, name: "All together", note: "" },
  ];
  const amount = (value: number) => (currency ? money(value, currency) : count(value));
  const said = (interval: readonly [number, number] | null, text: (value: number) => string) => (interval ? `${likely(interval, text)} (95 %)` : "Too few for an interval.");
  const title = (row: Row) => `${line.name}: ${row.name}`;
  const columns: readonly ColumnOf<Row>[] = [
    {
      name: "When",
      show: (row) => (
        <>
          {row.name}
          {row.start !== ALL && <MarkTag marks={marksBetween(marks, row.start, endOf(row.start, period, timezone))} timezone={timezone} />}
        </>
      ),
    },
    { name: "Events", right: true, show: (row) => count(row.events) },
    {
      name: owners.name,
      right: true,
      show: (row) =>
        row.entities !== 0 ? (
          <Figure meaning={{ what: `${owners.name} with at least one of these events.`, lines: ["A click opens them."] }} onOpen={() => open(line.list(row.start, title(row)))}>
            {count(row.entities)}
          </Figure>
        ) : (
          "0"
        ),
    },
    { name: `Events of ${owners.a}`, right: true, show: (row) => row.per_entity !== null && <Figure meaning={{ what: `Events of ${owners.a} that has any.`, lines: [said(row.interval, two)] }}>{two(row.per_entity)}</Figure> },
    ...(line.whole.amounts
      ? [
          { name: "Sum", right: true, show: (row: Row) => row.amounts && <Figure meaning={{ what: `Over ${count(row.amounts.events)} events.`, lines: [said(row.amounts.sum_interval, amount), carried(row)].filter(Boolean) }}>{amount(row.amounts.sum)}</Figure> },
          { name: "Mean", right: true, show: (row: Row) => row.amounts?.mean != null && <Figure meaning={{ what: "Of an event that has one.", lines: [said(row.amounts.mean_interval, amount)] }}>{amount(row.amounts.mean)}</Figure> },
        ]
      : []),
    { name: "Note", show: (row) => <span className={classes.words}>{row.note}</span> },
  ];
  return <DataTable caption={`${line.name}, by ${period}`} columns={columns} rows={rows} keyOf={(row) => row.start} />;
}

function two(value: number): string {
  return Number.isNaN(value) ? "left out" : value.toLocaleString(undefined, { maximumFractionDigits: 2 });
}

function carried({ amounts }: Row): string {
  const one = amounts?.carried_by;
  return one ? `${one.entity} alone carries ${Math.round(one.share * 100)} % of it.` : "";
}

interface Compared {
  readonly key: string;
  readonly what: string;
  readonly number: Difference;
  readonly text: (value: number) => string;
}

export function TrendsDiffTable({ diff, period }: { readonly diff: TrendsDiff; readonly period: string }) {
  const owners = ownersOf(useWhole());
  const currency = diff.a.currency ?? diff.b.currency ?? null;
  const amount = (value: number) => (currency ? money(value, currency) : two(value));
  const rows = diff.series.flatMap((one): readonly Compared[] => {
    const row = (what: string, number: Difference | null | undefined, text: (value: number) => string) => (number ? [{ key: `${one.step} ${what}`, what: `${one.step}: ${what}`, number, text }] : []);
    return [...row("events in all", one.events, count), ...row(`events of a whole ${period}`, one.per_period, count), ...row(`events of ${owners.a}`, one.per_entity, two), ...row("sum", one.sum, amount), ...row("mean", one.mean, amount)];
  });
  const columns: readonly ColumnOf<Compared>[] = [
    { name: "What", show: (row) => row.what },
    { name: "A", right: true, show: ({ number, text }) => (number.a === null ? "" : text(number.a)) },
    { name: "B", right: true, show: ({ number, text }) => (number.b === null ? "" : text(number.b)) },
    { name: "In words", show: ({ number }) => <span className={classes.words}>{number.words}</span> },
  ];
  return <DataTable caption="A against B" columns={columns} rows={rows} keyOf={(row) => row.key} />;
}
