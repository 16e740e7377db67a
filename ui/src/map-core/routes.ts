/** The way of every arrow: forward between cards, loops above their card; returns have their own file. */

import { beforeHead, rounded, sweep } from "./curves.ts";
import type { Grid } from "./grid.ts";
import { freeHeights, Lanes } from "./lanes.ts";
import { returns } from "./returns.ts";
import { GAP_MIN, LOOP_RISE, LOOP_ROOM } from "./sizes.ts";
import { finish, type Trip, tripsOf, type Way } from "./trips.ts";
import type { Card, MapArrow, Trunk } from "./types.ts";

/** Route every arrow; arrows whose cards are missing are left out. */
export function routeAll(arrows: readonly MapArrow[], grid: Grid): { ways: Way[]; trunks: Trunk[] } {
  const trips = tripsOf(arrows, grid);
  const lanes = new Lanes();
  const loops = trips.filter(({ from, to }) => from === to);
  const stacked = trips.filter(({ from, to }) => from !== to && from.column === to.column);
  const onward = trips.filter(({ from, to }) => from.column < to.column);
  const { ways, trunks } = returns(trips, grid, lanes);
  return { ways: [...loops.map(loop), ...stacked.map((trip) => within(trip, grid)), ...forward(onward, grid, lanes), ...ways], trunks };
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
