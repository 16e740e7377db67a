/** Retention as tables: a triangle of cohorts whose cells open their people, and the differences of two sides. */

import type { PeopleOf } from "@/api/people-of.ts";
import type { Cohort, RetentionDiff } from "@/api/types.ts";
import { MarkTag } from "@/charts/release-marks.tsx";
import { partWord } from "@/lib/cells.ts";
import { count, day, percent } from "@/lib/format.ts";
import { marksBetween, type Released } from "@/lib/marks.ts";
import { endOf } from "@/lib/periods.ts";
import { cellOf, type Ground } from "@/stages/measure/number-of.ts";
import type { Curve } from "@/stages/measure/retention-chart.ts";
import { likelyShare } from "@/stages/measure/sentences.ts";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { Figure } from "@/ui/figure.tsx";
import { ownersOf, useWhole, wholeOf } from "@/stages/measure/funnel-counted.ts";
import classes from "./answer.module.css";

const MOST_COLUMNS = 26;

interface TriangleProps {
  readonly curve: Curve;
  readonly ground: Ground;
  readonly split: boolean;
  readonly alone: boolean;
  readonly timezone: string;
  readonly period: string;
  readonly releases: readonly Released[];
  readonly open: (of: PeopleOf) => void;
}

export function Triangle({ curve, ground, split, alone, timezone, period, releases, open }: TriangleProps) {
  const longest = Math.max(0, ...curve.cohorts.map((one) => one.retained.length));
  const shown = Math.min(longest, MOST_COLUMNS);
  const owners = ownersOf(wholeOf(ground.asked.of));
  const part = split ? ` ${partWord(curve.value ?? null, curve.others ?? null)}` : "";
  const list = (one: Cohort, at: number, what: "retained" | "lost") =>
    open(cellOf(ground, `${one.start} ${at} ${what}${part}`, `${what === "retained" ? "Came back" : "Did not come back"}: ${at} ${period}s after ${day(one.start, timezone)}`));
  const cell = (one: Cohort, k: number) => {
    const n = one.retained[k];
    if (n == null) return k < one.retained.length ? <span className={`${classes.words} ${classes.one}`}>not over</span> : "";
    const share = n / one.size;
    const lines = [`${count(n)} of ${count(one.size)}; a click opens them.`, one.intervals[k] ? `${likelyShare(one.intervals[k] ?? null)} (95 %, Wilson).` : k ? "Too few for an interval." : "All of them, by definition."];
    return (
      <span className={classes.cell} style={{ background: `color-mix(in srgb, var(--accent-line) ${Math.round(share * 70)}%, transparent)` }}>
        <Figure meaning={{ what: `Came back ${k} ${period}s after they began.`, lines }} onOpen={() => list(one, k, "retained")}>
          {percent(share)}
        </Figure>
      </span>
    );
  };
  const columns: readonly ColumnOf<Cohort>[] = [
    {
      name: "Began",
      show: (one) => (
        <>
          {day(one.start, timezone)}
          <MarkTag marks={marksBetween(releases, one.start, endOf(one.start, period, timezone))} timezone={timezone} />
        </>
      ),
    },
    {
      name: owners.name,
      right: true,
      show: (one) => (
        <Figure meaning={{ what: `${owners.who} began in this ${period}.`, lines: ["A click opens them."] }} onOpen={() => list(one, 0, "retained")}>
          {count(one.size)}
        </Figure>
      ),
    },
    ...Array.from({ length: Math.max(0, shown - 1) }, (_, k): ColumnOf<Cohort> => ({ name: String(k + 1), right: true, show: (one) => cell(one, k + 1) })),
  ];
  const more = longest > shown ? `; ${longest - shown} later ${period}s are in the CSV` : "";
  return <DataTable caption={`${alone ? "Share" : `${curve.name}: share`} who came back, by ${period}s after they began${more}`} columns={columns} rows={curve.cohorts} keyOf={(one) => one.start} />;
}

type DiffRow = RetentionDiff["periods"][number];

export function DiffTable({ diff, period }: { readonly diff: RetentionDiff; readonly period: string }) {
  const owners = ownersOf(useWhole());
  const share = (value: number | null) => (value === null ? "" : percent(value));
  const columns: readonly ColumnOf<DiffRow>[] = [
    { name: `${period}s after`, right: true, show: (row) => row.k },
    { name: "A", right: true, show: (row) => share(row.share.a) },
    { name: "of", right: true, show: (row) => count(row.size_a) },
    { name: "B", right: true, show: (row) => share(row.share.b) },
    { name: `of ${owners.many}`, right: true, show: (row) => count(row.size_b) },
    { name: "In words", show: (row) => <span className={classes.words}>{row.share.words}</span> },
  ];
  return <DataTable caption="A against B, over all who began so long ago that the period is over" columns={columns} rows={diff.periods} keyOf={(row) => String(row.k)} />;
}
