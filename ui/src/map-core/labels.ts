/** Where the text of each arrow stands: on its line, on no card and on no other text. */

import { headLength, lengthOf, pointAt, pointsOf } from "./curves.ts";
import { TEXT_HEIGHT, textWidth } from "./sizes.ts";
import type { Stem, Way } from "./trips.ts";
import type { Box, Point } from "./types.ts";

const SHARES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];
const BEHIND = [0, 6, 12, 18, 24, 30, 36];
const DOT = 12;

/** Whether two boxes share any room. */
export function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

const TARGET = 24;

/** The room that a finger or a pointer needs for a text: at least 24 by 24 pixels (WCAG 2.2, 2.5.8). */
export function target(box: Box): Box {
  const [width, height] = [Math.max(TARGET, box.width), Math.max(TARGET, box.height)];
  return { x: box.x - (width - box.width) / 2, y: box.y - (height - box.height) / 2, width, height };
}

function around(point: Point, width: number, height: number): Box {
  return { x: point.x - width / 2, y: point.y - height / 2, width, height };
}

export interface Labelled {
  readonly anchor: Point;
  readonly label: Box | null;
}

const RANK = { loop: 0, return: 1, forward: 2 } as const;

/** Loops and returns have few places for their text, arrows to the next card some, long ones many. */
function rank({ arrow, line }: Way): number {
  return arrow.kind === "forward" && line.pieces.length > 1 ? 3 : RANK[arrow.kind];
}

/** Give each way its label: those with the fewest places first, then those that most people take. */
export function placeLabels(ways: readonly Way[], taken: readonly Box[]): Labelled[] {
  const busy = [...taken];
  const result = new Map<Way, Labelled>();
  const order = [...ways].sort((a, b) => rank(a) - rank(b) || b.arrow.people - a.arrow.people);
  for (const way of order) result.set(way, place(way, busy));
  return ways.map((way) => result.get(way) ?? { anchor: way.line.start, label: null });
}

/** A loop's text stands on top of it, a short arrow's above it, any other on the line. */
function lift(way: Way, points: readonly Point[], width: number): number {
  if (way.arrow.kind === "loop") return TEXT_HEIGHT / 2 + 2;
  const [first, last] = [points[0], points[points.length - 1]];
  const drop = first && last ? Math.abs(first.y - last.y) : 0;
  const level = drop < 30 && lengthOf(points) < width + 44;
  return level ? TEXT_HEIGHT / 2 + way.width / 2 + 1 + drop * 0.4 : 0;
}

/** Half way between the two cards of an arrow without bends, its head included. */
function middleOf(points: readonly Point[], width: number): Point {
  const at = pointAt(points, 0.5);
  const [first, last] = [points[0], points[points.length - 1]];
  const level = first && last && Math.abs(last.x - first.x) > 1;
  return level ? { x: at.x + headLength(width) / 2, y: at.y } : at;
}

/** On the shared lane, just behind where its own part joins, else on the joint: the riser tells its source, the lane its target. */
function behind({ joint, end }: Stem, width: number): Point[] {
  const on = BEHIND.map((far) => ({ x: joint.x - width / 2 - far, y: joint.y }));
  return [...on.filter(({ x }) => x - width / 2 > end + 8), joint, { x: joint.x + width / 4, y: joint.y }];
}

/** Where a text of this width may stand, the best place first. */
function spots(way: Way, width: number): Point[] {
  if (way.stem) return behind(way.stem, width);
  const points = pointsOf(way.line);
  const up = width > DOT ? lift(way, points, width) : 0;
  const middle = width > DOT && way.line.pieces.length === 1 ? [middleOf(points, way.width)] : [];
  return [...middle, ...SHARES.map((share) => pointAt(points, share))].map(({ x, y }) => ({ x, y: y - up }));
}

function place(way: Way, busy: Box[]): Labelled {
  const free = (box: Box) => box.x >= 0 && box.y >= 0 && busy.every((other) => !overlap(box, other));
  const text = { width: textWidth(way.arrow.label), height: TEXT_HEIGHT };
  const dot = { width: DOT, height: DOT };
  for (const { width, height } of way.arrow.label === "" ? [dot] : [text, dot]) {
    const boxes = spots(way, width).map((anchor) => ({ anchor, box: around(anchor, width, height) }));
    const found = boxes.find(({ box }) => free(target(box)));
    if (!found) continue;
    busy.push(target(found.box));
    return { anchor: found.anchor, label: width === DOT ? null : found.box };
  }
  return { anchor: way.stem?.joint ?? pointAt(pointsOf(way.line), 0.5), label: null };
}
