/** Returns: all that end in one step share a lane above the cards, so that the eye follows a few trunks and not every arrow. */

import { beforeHead, type Direction, headOf, pathOf, rounded } from "./curves.ts";
import type { Grid } from "./grid.ts";
import type { Lanes, Span } from "./lanes.ts";
import { LANES_APART, LINE_MAX_TRUNK, LOOP_ROOM, STAGE_HEIGHT } from "./sizes.ts";
import { lineWidth, type Stem, type Trip, type Way } from "./trips.ts";
import type { Card, Point, Trunk } from "./types.ts";

interface Bundle {
  readonly to: Card;
  /** From the rightmost source to the leftmost, in the order in which they join. */
  readonly trips: readonly Trip[];
  readonly columns: Span;
}

const BEND = 13;
const HIGHEST = STAGE_HEIGHT + 12;

/** Returns between columns by target, the innermost first: then no trunk comes down through another's lane. */
export function bundlesOf(trips: readonly Trip[], grid: Grid): Bundle[] {
  const back = trips.filter(({ from, to }) => from.column > to.column);
  const targets = [...new Set(back.map(({ to }) => to))].sort((a, b) => b.column - a.column || b.row - a.row);
  return targets.map((to) => {
    const own = back.filter((trip) => trip.to === to).sort((a, b) => riserOf(b.from, grid) - riserOf(a.from, grid));
    return { to, trips: own, columns: { low: to.column, high: Math.max(...own.map(({ from }) => from.column)) } };
  });
}

/** The height of each bundle's lane: as low as cards and inner lanes allow, and closer together only where the height ends. */
export function laneHeights(bundles: readonly Bundle[], grid: Grid): number[] {
  const tries = LANES_APART.map((apart) => nest(bundles, grid, apart));
  return tries.find((heights) => Math.min(...heights) >= HIGHEST) ?? tries[tries.length - 1] ?? [];
}

/** How far lanes so far apart would rise out of the picture. */
export function missingRoom(bundles: readonly Bundle[], grid: Grid, apart: number): number {
  return HIGHEST - Math.min(HIGHEST, ...nest(bundles, grid, apart));
}

function nest(bundles: readonly Bundle[], grid: Grid, apart: number): number[] {
  const heights: number[] = [];
  bundles.forEach((bundle) => {
    const inner = heights.filter((_, k) => meet(bundle.columns, bundles[k]?.columns));
    heights.push(Math.min(ceiling(bundle, grid), ...inner.map((y) => y - apart)));
  });
  return heights;
}

function meet(a: Span, b: Span | undefined): boolean {
  return b !== undefined && a.low < b.high && b.low < a.high;
}

/** Just above the loops of every card that a lane passes. */
function ceiling({ to, trips, columns }: Bundle, grid: Grid): number {
  const between = grid.cards.filter((card) => card.column > columns.low && card.column < columns.high);
  return Math.min(...[...between, to, ...trips.map(({ from }) => from)].map((card) => card.y)) - LOOP_ROOM - 2;
}

/** Route the returns between columns; the outermost first, so that of lines on one riser the next to turn off lies on top. */
export function returns(trips: readonly Trip[], grid: Grid, lanes: Lanes): { ways: Way[]; trunks: Trunk[] } {
  const bundles = bundlesOf(trips, grid);
  const heights = laneHeights(bundles, grid);
  const most = Math.max(...bundles.map((bundle) => peopleOf(bundle.trips)), ...trips.map(({ arrow }) => arrow.people));
  const drawn = bundles.map((bundle, k) => {
    const y = heights[k] ?? HIGHEST;
    lanes.take(y, bundle.columns);
    const end = endOf(bundle, y, most, grid);
    const ways = bundle.trips.map((trip) => wayOf(trip, end, grid));
    return { ways, trunk: trunkOf(bundle, ways, end) };
  });
  drawn.reverse();
  return {
    ways: drawn.flatMap(({ ways }) => (ways.length > 1 ? ways : ways.map((way): Way => ({ ...way, stem: null })))),
    trunks: drawn.flatMap(({ ways, trunk }) => (ways.length > 1 ? [trunk] : [])),
  };
}

function peopleOf(trips: readonly Trip[]): number {
  return trips.reduce((sum, { arrow }) => sum + arrow.people, 0);
}

/** What all returns to one step share: the height of their lane, its way down and its head. */
interface End {
  readonly y: number;
  readonly down: readonly Point[];
  readonly x: number;
  readonly head: string;
  readonly most: number;
}

function endOf({ to, trips }: Bundle, y: number, most: number, grid: Grid): End {
  const width = lineWidth(peopleOf(trips), most, LINE_MAX_TRUNK);
  const { x, turn, tip, direction } = arrive(to, grid);
  const down = [{ x, y }, ...turn, beforeHead(tip, direction, width)];
  return { y, down, x, head: headOf(tip, direction, width), most };
}

function wayOf({ arrow, from }: Trip, { y, down, x, head, most }: End, grid: Grid): Way & { stem: Stem } {
  const riser = { x: riserOf(from, grid), y };
  const bend = Math.min(BEND, (riser.x - x) / 3);
  const start = [...leave(from, grid), riser];
  const line = rounded([...start, { x: riser.x - 2 * bend, y }], BEND);
  const stem = { line, joint: { x: riser.x - bend, y }, end: x };
  return { arrow, line: rounded([...start, ...down], BEND), head, width: lineWidth(arrow.people, most, LINE_MAX_TRUNK), stem };
}

function trunkOf({ to, trips }: Bundle, ways: readonly { readonly stem: Stem }[], { down, head, most }: End): Trunk {
  const pieces = ways.map(({ stem }, k) => {
    const next = ways[k + 1]?.stem.joint;
    const joined = trips.slice(0, k + 1);
    return {
      path: pathOf(rounded([stem.joint, ...(next ? [next] : down)], BEND)),
      width: lineWidth(peopleOf(joined), most, LINE_MAX_TRUNK),
      arrows: joined.map(({ arrow }) => arrow.id),
    };
  });
  return { to: to.id, weight: peopleOf(trips) / most, pieces, head };
}

/** How far beside a lower card its riser stands: further out the lower it is, so that none crosses another. */
function aside(card: Card, grid: Grid): number {
  return grid.gap * (0.2 + (0.2 * card.row) / card.rows);
}

function riserOf(card: Card, grid: Grid): number {
  return card.row === 0 ? card.x + card.width * 0.72 : card.x - aside(card, grid);
}

/** Up from the top of a card; a card under another leaves at its left side. */
function leave(card: Card, grid: Grid): Point[] {
  const x = riserOf(card, grid);
  return card.row === 0 ? [{ x, y: card.y }] : [{ x: card.x, y: card.y + 14 }, { x, y: card.y + 14 }];
}

/** Down on the top of a card; a card under another is reached at its right side. */
function arrive(card: Card, grid: Grid): { x: number; turn: Point[]; tip: Point; direction: Direction } {
  if (card.row === 0) {
    const x = card.x + card.width * 0.9;
    return { x, turn: [], tip: { x, y: card.y }, direction: "down" };
  }
  const x = card.x + card.width + aside(card, grid);
  const tip = { x: card.x + card.width, y: card.y + 14 };
  return { x, turn: [{ x, y: tip.y }], tip, direction: "left" };
}
