/** Where the text of each arrow stands: on its line, on no card and on no other text. */

import { headLength, lengthOf, pointAt, pointsOf } from "./curves.ts";
import type { Way } from "./routes.ts";
import { TEXT_HEIGHT, textWidth } from "./sizes.ts";
import type { Box, Point } from "./types.ts";

const SHARES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];

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

/** Give each way its label, the fixed ones first, then those that most people take. */
export function placeLabels(ways: readonly Way[], taken: readonly Box[]): Labelled[] {
  const busy = [...taken];
  const result = new Map<Way, Labelled>();
  const order = [...ways].sort(
    (a, b) => RANK[a.arrow.kind] - RANK[b.arrow.kind] || b.arrow.people - a.arrow.people,
  );
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

function place(way: Way, busy: Box[]): Labelled {
  const points = pointsOf(way.line);
  const free = (box: Box) => box.x >= 0 && box.y >= 0 && busy.every((other) => !overlap(box, other));
  const width = textWidth(way.arrow.label);
  const up = lift(way, points, width);
  const middle = way.line.pieces.length === 1 ? [middleOf(points, way.width)] : [];
  for (const on of [...middle, ...SHARES.map((share) => pointAt(points, share))]) {
    const anchor = { x: on.x, y: on.y - up };
    const box = around(anchor, width, TEXT_HEIGHT);
    if (way.arrow.label !== "" && free(target(box))) {
      busy.push(target(box));
      return { anchor, label: box };
    }
  }
  for (const share of SHARES) {
    const anchor = pointAt(points, share);
    const box = target(around(anchor, 12, 12));
    if (free(box)) {
      busy.push(box);
      return { anchor, label: null };
    }
  }
  return { anchor: pointAt(points, 0.5), label: null };
}
