/** The way of every arrow: forward between cards, loops above their card, returns as arcs above all. */

import { beforeHead, type Direction, headOf, type Line, rounded, sweep } from "./curves.ts";
import type { Grid } from "./grid.ts";
import { freeHeights, Lanes } from "./lanes.ts";
import { GAP_MIN, LINE_MAX, LINE_MAX_BACK, LINE_MIN, LOOP_RISE, LOOP_ROOM, STAGE_HEIGHT } from "./sizes.ts";
import type { Card, MapArrow, Point } from "./types.ts";

export interface Way {
  readonly arrow: MapArrow;
  readonly line: Line;
  readonly head: string;
  readonly width: number;
}

interface Trip {
  readonly arrow: MapArrow;
  readonly from: Card;
  readonly to: Card;
  readonly width: number;
}

/** Thickness of an arrow that so many people take. */
export function lineWidth(people: number, most: number, kind: MapArrow["kind"]): number {
  const width = most > 0 ? LINE_MIN + (LINE_MAX - LINE_MIN) * Math.min(1, people / most) : LINE_MIN;
  return kind === "forward" ? width : Math.min(width, LINE_MAX_BACK);
}

/** Route every arrow; arrows whose cards are missing are left out. */
export function routeAll(arrows: readonly MapArrow[], grid: Grid): Way[] {
  const card = new Map(grid.cards.map((one) => [one.id, one]));
  const most = Math.max(0, ...arrows.map((arrow) => arrow.people));
  const trips = arrows.flatMap((arrow): Trip[] => {
    const [from, to] = [card.get(arrow.from), card.get(arrow.to)];
    return from && to ? [{ arrow, from, to, width: lineWidth(arrow.people, most, arrow.kind) }] : [];
  });
  const lanes = new Lanes();
  const loops = trips.filter(({ from, to }) => from === to);
  const stacked = trips.filter(({ from, to }) => from !== to && from.column === to.column);
  const onward = trips.filter(({ from, to }) => from.column < to.column);
  const back = trips.filter(({ from, to }) => from.column > to.column);
  return [...loops.map(loop), ...stacked.map((trip) => within(trip, grid)), ...forward(onward, grid, lanes), ...returns(back, grid, lanes)];
}

function finish(trip: Trip, corners: Line, tip: Point, direction: Direction): Way {
  return { arrow: trip.arrow, line: corners, head: headOf(tip, direction, trip.width), width: trip.width };
}

function loop(trip: Trip): Way {
  const { from, width } = trip;
  const [right, left, top] = [from.x + from.width * 0.56, from.x + from.width * 0.12, from.y - LOOP_RISE];
  const tip = { x: left, y: from.y };
  const corners = [{ x: right, y: from.y }, { x: right, y: top }, { x: left, y: top }, beforeHead(tip, "down", width)];
  return finish(trip, rounded(corners, 14), tip, "down");
}

function within(trip: Trip, grid: Grid): Way {
  const { from, to, width } = trip;
  if (to.row === from.row + 1) {
    const x = from.x + from.width * 0.8;
    const tip = { x, y: to.y };
    return finish(trip, { start: { x, y: from.y + from.height }, pieces: [{ kind: "line", to: beforeHead(tip, "down", width) }] }, tip, "down");
  }
  const reach = Math.min(36, Math.max(GAP_MIN, grid.gap) * 0.5);
  if (to.row > from.row) {
    const start = { x: from.x + from.width, y: from.y + from.height - 16 };
    const tip = { x: to.x + to.width, y: to.y + 16 };
    const bulge = start.x + reach;
    return finish(trip, rounded([start, { x: bulge, y: start.y }, { x: bulge, y: tip.y }, beforeHead(tip, "left", width)], 14), tip, "left");
  }
  const start = { x: from.x, y: from.y + 16 };
  const tip = { x: to.x, y: to.y + to.height - 16 };
  const bulge = start.x - reach;
  return finish(trip, rounded([start, { x: bulge, y: start.y }, { x: bulge, y: tip.y }, beforeHead(tip, "right", width)], 14), tip, "right");
}

/** Heights of ports on one side of a card, in the order of where their arrows go. */
function ports(card: Card, keys: readonly number[]): number[] {
  const order = keys.map((_, k) => k).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b);
  const result = keys.map(() => 0);
  const step = Math.min(20, (card.height - 44) / Math.max(1, keys.length - 1));
  const first = card.y + card.height / 2 - (step * (keys.length - 1)) / 2;
  order.forEach((k, place) => {
    result[k] = first + place * step;
  });
  return result;
}

function middle(card: Card): number {
  return card.y + card.height / 2;
}

function forward(trips: readonly Trip[], grid: Grid, lanes: Lanes): Way[] {
  const order = [...trips].sort((a, b) => a.to.column - a.from.column - (b.to.column - b.from.column) || b.width - a.width);
  const height = new Map(order.map((trip) => [trip, laneOf(trip, grid, lanes)]));
  const out = sidePorts(trips, (trip) => trip.from, (trip) => height.get(trip) ?? middle(trip.to));
  const into = sidePorts(trips, (trip) => trip.to, (trip) => height.get(trip) ?? middle(trip.from));
  return trips.map((trip) => {
    const start = { x: trip.from.x + trip.from.width, y: out.get(trip) ?? middle(trip.from) };
    const tip = { x: trip.to.x, y: into.get(trip) ?? middle(trip.to) };
    const end = beforeHead(tip, "right", trip.width);
    const y = height.get(trip) ?? null;
    if (y === null) return finish(trip, { start, pieces: [sweep(start, end)] }, tip, "right");
    const on = { x: start.x + grid.gap - 6, y };
    const off = { x: trip.to.x - grid.gap + 6, y };
    return finish(trip, { start, pieces: [sweep(start, on), { kind: "line", to: off }, sweep(off, end)] }, tip, "right");
  });
}

function laneOf(trip: Trip, grid: Grid, lanes: Lanes): number | null {
  const between = grid.cards.filter((card) => card.column > trip.from.column && card.column < trip.to.column);
  if (between.length === 0) return null;
  const free = freeHeights(between, grid.top + LOOP_ROOM / 2, grid.height - 6);
  return lanes.pick(free, [middle(trip.from), middle(trip.to)], { low: trip.from.column + 1, high: trip.to.column - 1 });
}

function sidePorts(trips: readonly Trip[], side: (trip: Trip) => Card, key: (trip: Trip) => number): Map<Trip, number> {
  const result = new Map<Trip, number>();
  for (const card of new Set(trips.map(side))) {
    const here = trips.filter((trip) => side(trip) === card);
    ports(card, here.map(key)).forEach((y, k) => {
      const trip = here[k];
      if (trip) result.set(trip, y);
    });
  }
  return result;
}

function returns(trips: readonly Trip[], grid: Grid, lanes: Lanes): Way[] {
  const shortFirst = [...trips].sort((a, b) => a.from.column - a.to.column - (b.from.column - b.to.column));
  const height = new Map(shortFirst.map((trip) => [trip, arcHeight(trip, grid, lanes)]));
  return trips.map((trip, k) => {
    const y = height.get(trip) ?? STAGE_HEIGHT;
    const nudge = (k % 4) * 5;
    const start = leave(trip.from, grid, nudge);
    const { corners, tip, direction } = arrive(trip.to, grid, nudge);
    const last = beforeHead(tip, direction, trip.width);
    const first = corners[0] ?? tip;
    const lastStart = start[start.length - 1] ?? tip;
    const points = [...start, { x: lastStart.x, y }, { x: first.x, y }, ...corners.slice(1), last];
    return finish(trip, rounded(points, 18), tip, direction);
  });
}

/** An arc runs above both of its cards and clear of the cards between them, as low as that allows. */
function arcHeight(trip: Trip, grid: Grid, lanes: Lanes): number {
  const { from, to } = trip;
  const between = grid.cards.filter((card) => card.column > to.column && card.column < from.column);
  const ceiling = Math.min(from.y, to.y) - LOOP_ROOM + 8;
  const free = freeHeights(between, STAGE_HEIGHT + 2, ceiling).filter((span) => span.low < ceiling);
  const low = free.map((span) => ({ low: span.low, high: Math.min(span.high, ceiling) }));
  return lanes.pick(low, [ceiling, ceiling], { low: to.column, high: from.column });
}

function leave(card: Card, grid: Grid, nudge: number): Point[] {
  if (card.row === 0) return [{ x: card.x + card.width * 0.7 + nudge, y: card.y }];
  const x = card.x - grid.gap * 0.3 - nudge;
  return [{ x: card.x, y: card.y + 14 }, { x, y: card.y + 14 }];
}

function arrive(card: Card, grid: Grid, nudge: number): { corners: Point[]; tip: Point; direction: Direction } {
  if (card.row === 0) {
    const tip = { x: card.x + card.width * 0.92 - nudge, y: card.y };
    return { corners: [tip], tip, direction: "down" };
  }
  const x = card.x + card.width + grid.gap * 0.3 + nudge;
  const tip = { x: card.x + card.width, y: card.y + 14 };
  return { corners: [{ x, y: tip.y }, { x, y: tip.y }], tip, direction: "left" };
}
