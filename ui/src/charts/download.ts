/** Tables of the map's numbers, the same for CSV and for pages. */

import type { DrawnArrow, MapDocument, Price } from "@/api/types.ts";
import { type Cell, toCsv } from "@/lib/csv.ts";

/** Every step with its figures as CSV. */
export function stepsCsv(document: MapDocument, price: Price): string {
  const name = namesOf(document);
  const header = ["step", "name", "people", "people_per_month", "share", "visits", "again_share", "leave", "leave_per_month", "leave_share", "median_seconds", "worth_per_person", "worth_low", "worth_high", "lost_per_month", "mendable_per_month", "why"];
  const rows = price.steps.map((s): Cell[] => [
    s.id, name(s.id), s.people, s.people_per_month, s.share, s.visits, s.again_share, s.leave, s.leave_per_month, s.leave_share,
    s.median_seconds, s.worth_per_person, s.worth_interval?.[0] ?? null, s.worth_interval?.[1] ?? null, s.lost_per_month, s.mendable_per_month, s.why,
  ]);
  return toCsv(header, rows);
}

/** Every move with its price as CSV; `kind` and `shown` where the picture knows them. */
export function arrowsCsv(document: MapDocument, drawn: readonly DrawnArrow[]): string {
  const name = namesOf(document);
  const header = ["from", "to", "from_name", "to_name", "kind", "shown", "people", "visits", "people_per_month", "share", "mean_seconds", "median_seconds", "value_per_person", "value_low", "value_high", "gain_per_point", "per_month", "per_month_low", "per_month_high", "memory", "why"];
  const rows = drawn.map(({ arrow: a, kind, shown }): Cell[] => [
    a.from, a.to, name(a.from), name(a.to), kind, String(shown), a.people, a.visits, a.people_per_month, a.share, a.mean_seconds,
    a.median_seconds, a.value_per_person, a.interval?.[0] ?? null, a.interval?.[1] ?? null, a.gain_per_point, a.per_month,
    a.per_month_interval?.[0] ?? null, a.per_month_interval?.[1] ?? null, String(a.memory), a.why,
  ]);
  return toCsv(header, rows);
}

/** A way from a step's id to its name; `exit` and unknown ids keep their word. */
export function namesOf(document: MapDocument): (id: string) => string {
  const names = new Map(document.steps.map((step) => [step.id, step.name]));
  return (id) => names.get(id) ?? (id === "exit" ? "leaves" : id);
}
