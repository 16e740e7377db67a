/** The lines of trends: one for each step, part or side, with what is drawn of it and what its numbers open. */

import type { PeopleOf } from "@/api/people-of.ts";
import type { TrendPoint, Trends, TrendWhole } from "@/api/types.ts";
import { toCsv } from "@/lib/csv.ts";
import { count, day, money } from "@/lib/format.ts";
import { type Counted, ownersOf } from "@/stages/measure/funnel-counted.ts";
import { cellOf, type Ground, UNKNOWN } from "@/stages/measure/number-of.ts";
import { partOf, quoted } from "@/lib/cells.ts";

export const SHOWS = ["events", "entities", "per_entity", "sum", "mean"] as const;
export type Show = (typeof SHOWS)[number];

/** What each number is called, of whose journeys they are. */
export function showWords(counted: Counted): Record<Show, string> {
  const { name, a } = ownersOf(counted);
  return { events: "Events", entities: name, per_entity: `Events of ${a}`, sum: "Sum", mean: "Mean" };
}

export interface Line {
  readonly name: string;
  readonly points: readonly TrendPoint[];
  readonly whole: TrendWhole;
  readonly list: (start: string, title: string) => PeopleOf;
}

/** The lines of an answer; with parts, those in place of the whole, which `whole` adds. */
export function linesOf(answer: Trends, ground: Ground, { side = "", whole = false } = {}): readonly Line[] {
  const alone = answer.series.length === 1;
  return answer.series.flatMap((one) => {
    const list = (part: string) => (start: string, title: string) => cellOf(ground, `${start} ${quoted(one.step)}${part}`, title);
    const called = (part: string) => [side, alone && part ? "" : one.step, part].filter(Boolean).join(": ");
    const all: Line = { name: called(""), points: one.points, whole: one.whole, list: list("") };
    const parts = (one.by ?? []).map((part): Line => ({ name: called(part.value ?? UNKNOWN), points: part.points, whole: part.whole, list: list(partOf(part)) }));
    return parts.length > 0 ? [...(whole ? [all] : []), ...parts] : [all];
  });
}

/** What is drawn of a period; null where it has no such number. */
export function valueOf(one: TrendPoint, show: Show): number | null {
  if (show === "sum" || show === "mean") return one.amounts?.[show] ?? null;
  return one[show];
}

/** A value as people read it. */
export function written(value: number | null, show: Show, currency: string | null): string {
  if (value === null) return "none";
  return currency && (show === "sum" || show === "mean") ? money(value, currency) : count(value);
}

/** Whether a period shows all there will be. */
export function isWhole(one: TrendPoint): boolean {
  return one.over && !one.cut;
}

/** A period as people call it. */
export function called(start: string, period: string, timezone: string): string {
  const text = day(start, timezone);
  return period === "day" ? text : `${period} of ${text}`;
}

export function csvOf(lines: readonly Line[]): string {
  return toCsv(
    ["of", "start", "events", "people", "per_person", "low", "high", "sum", "sum_low", "sum_high", "mean", "mean_low", "mean_high", "over", "cut"],
    lines.flatMap(({ name, points }) =>
      points.map((one) => {
        const { amounts } = one;
        const sums = [amounts?.sum ?? null, ...(amounts?.sum_interval ?? [null, null]), amounts?.mean ?? null, ...(amounts?.mean_interval ?? [null, null])];
        return [name, one.start, one.events, one.entities, one.per_entity, ...(one.interval ?? [null, null]), ...sums, String(one.over), String(one.cut)];
      }),
    ),
  );
}
