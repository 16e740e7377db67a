/** From the picture's numbers to what the layout draws, seen through a lens. */

import type { Lens } from "@/api/address.ts";
import { EXIT } from "@/api/people-of.ts";
import type { Arrow, DrawnArrow, Picture } from "@/api/types.ts";
import { aboutMoney, count, duration, percent, shortDuration } from "@/lib/format.ts";
import type { MapArrow, MapInput } from "@/map-core/types.ts";

/** Stable word for an arrow. */
export function arrowId(arrow: Pick<Arrow, "from" | "to">): string {
  return `${arrow.from}/${arrow.to}`;
}

/** Moves between steps, exits aside. */
export function moves(picture: Picture): readonly DrawnArrow[] {
  return picture.arrows.filter(({ arrow }) => arrow.to !== EXIT);
}

/** Moves that are drawn; the smaller ones only when asked for. */
export function visibleMoves(picture: Picture, smaller: boolean): readonly DrawnArrow[] {
  return moves(picture).filter(({ arrow, shown }) => shown || (smaller && arrow.people > 0));
}

/** Whether anything on the map has a price. */
export function hasMoney(picture: Picture): boolean {
  return picture.arrows.some(({ arrow }) => arrow.per_month !== null);
}

/** The lens in use: Money unless nothing has a price. */
export function lensOf(asked: Lens | null, picture: Picture): Lens {
  return asked ?? (hasMoney(picture) ? "money" : "flow");
}

/** The few letters that stand on an arrow. */
export function arrowText({ arrow, kind }: DrawnArrow, lens: Lens, currency: string): string {
  if (lens === "time") return arrow.median_seconds === null ? "?" : shortDuration(arrow.median_seconds);
  if (kind === "loop" && arrow.share !== null) return `${percent(arrow.share)} again`;
  if (kind === "return" && arrow.share !== null) return `${percent(arrow.share)} back`;
  if (lens === "money") return arrow.per_month === null ? "?" : aboutMoney(arrow.per_month, currency);
  return count(arrow.people_per_month);
}

const RETURNS_WITH_TEXT = 8;

/** Where many return, only the largest returns carry their text; the others carry a dot that tells it. */
export function quietReturns(visible: readonly DrawnArrow[]): ReadonlySet<string> {
  const returns = visible.filter(({ kind }) => kind === "return").sort((a, b) => b.arrow.people - a.arrow.people);
  return new Set(returns.slice(RETURNS_WITH_TEXT).map(({ arrow }) => arrowId(arrow)));
}

/** What the layout needs. */
export function mapInput(picture: Picture, lens: Lens, smaller: boolean): MapInput {
  const visible = visibleMoves(picture, smaller);
  const quiet = quietReturns(visible);
  return {
    columns: picture.columns.map(([stage, steps]) => ({ stage, steps })),
    arrows: visible.map((drawn): MapArrow => ({
      id: arrowId(drawn.arrow),
      from: drawn.arrow.from,
      to: drawn.arrow.to,
      kind: drawn.kind,
      people: drawn.arrow.people,
      label: quiet.has(arrowId(drawn.arrow)) ? "" : arrowText(drawn, lens, picture.price.currency),
    })),
    exits: picture.price.steps
      .filter((step) => step.leave > 0)
      .map((step) => ({ step: step.id, label: `${count(step.leave_per_month)} leave` })),
  };
}

export type Strength = 0 | 1 | 2 | 3;

/** How strongly each value stands out among its like, in four steps by rank; 0 where it is not known. */
export function strengths(values: ReadonlyMap<string, number | null>): ReadonlyMap<string, Strength> {
  const known = [...values.values()].filter((value): value is number => value !== null && value > 0);
  const most = Math.max(0, ...known);
  const of = (value: number | null): Strength => {
    if (value === null || value <= 0 || most === 0) return 0;
    return value > most * 0.6 ? 3 : value > most * 0.25 ? 2 : 1;
  };
  return new Map([...values].map(([id, value]) => [id, of(value)]));
}

/** Strength of each arrow through a lens. */
export function arrowStrengths(picture: Picture, lens: Lens): ReadonlyMap<string, Strength> {
  const value = (arrow: Arrow) => (lens === "money" ? arrow.per_month : lens === "time" ? arrow.median_seconds : arrow.people_per_month);
  return strengths(new Map(moves(picture).map(({ arrow }) => [arrowId(arrow), value(arrow)])));
}

/** The sentence of an arrow for those who hear the page. */
export function arrowSentence({ arrow, kind }: DrawnArrow, name: (id: string) => string, currency: string): string {
  const way = kind === "loop" ? `${name(arrow.from)}, again` : kind === "return" ? `Return from ${name(arrow.from)} to ${name(arrow.to)}` : `From ${name(arrow.from)} to ${name(arrow.to)}`;
  const worth = arrow.per_month === null ? `price not known${arrow.why ? `: ${arrow.why}` : ""}` : `one point is worth about ${aboutMoney(arrow.per_month, currency)} a month`;
  const time = arrow.median_seconds === null ? "" : `, ${duration(arrow.median_seconds)} in the middle case`;
  return `${way}: ${count(arrow.people_per_month)} people a month${time}, ${worth}`;
}
