/** Arrows with their cards and thickness, and what becomes of them: a line with a head. */

import { type Direction, headOf, type Line } from "./curves.ts";
import type { Grid } from "./grid.ts";
import { LINE_MAX, LINE_MAX_BACK, LINE_MIN } from "./sizes.ts";
import type { Card, MapArrow, Point } from "./types.ts";

export interface Trip {
  readonly arrow: MapArrow;
  readonly from: Card;
  readonly to: Card;
  readonly width: number;
}

/** A return's own part, where that meets the shared lane, and where (x) the lane turns down. */
export interface Stem {
  readonly line: Line;
  readonly joint: Point;
  readonly end: number;
}

export interface Way {
  readonly arrow: MapArrow;
  readonly line: Line;
  readonly head: string;
  readonly width: number;
  /** Of a return that shares a lane; null where nothing is shared. */
  readonly stem: Stem | null;
}

/** Thickness of a line that so many people take, where the most people take the widest. */
export function lineWidth(people: number, most: number, widest: number): number {
  return most > 0 ? LINE_MIN + (widest - LINE_MIN) * Math.min(1, people / most) : LINE_MIN;
}

/** Arrows whose cards stand on the map. */
export function tripsOf(arrows: readonly MapArrow[], grid: Grid): Trip[] {
  const card = new Map(grid.cards.map((one) => [one.id, one]));
  const most = Math.max(0, ...arrows.map((arrow) => arrow.people));
  return arrows.flatMap((arrow): Trip[] => {
    const [from, to] = [card.get(arrow.from), card.get(arrow.to)];
    const width = lineWidth(arrow.people, most, LINE_MAX);
    return from && to ? [{ arrow, from, to, width: arrow.kind === "forward" ? width : Math.min(width, LINE_MAX_BACK) }] : [];
  });
}

/** The way of a trip whose line and tip are known. */
export function finish(trip: Trip, line: Line, tip: Point, direction: Direction): Way {
  return { arrow: trip.arrow, line, head: headOf(tip, direction, trip.width), width: trip.width, stem: null };
}
