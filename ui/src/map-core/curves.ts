/** Lines made of straight and curved pieces: as SVG path text, and as points along them. */

import type { Point } from "./types.ts";

export type Piece =
  | { readonly kind: "line"; readonly to: Point }
  | { readonly kind: "curve"; readonly a: Point; readonly b: Point; readonly to: Point };

export interface Line {
  readonly start: Point;
  readonly pieces: readonly Piece[];
}

const STEPS = 16;

function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** The line as the `d` of an SVG path. */
export function pathOf(line: Line): string {
  const rest = line.pieces.map((piece) =>
    piece.kind === "line"
      ? `L${n(piece.to.x)} ${n(piece.to.y)}`
      : `C${n(piece.a.x)} ${n(piece.a.y)} ${n(piece.b.x)} ${n(piece.b.y)} ${n(piece.to.x)} ${n(piece.to.y)}`,
  );
  return [`M${n(line.start.x)} ${n(line.start.y)}`, ...rest].join("");
}

function cubic(from: Point, piece: Extract<Piece, { kind: "curve" }>, t: number): Point {
  const u = 1 - t;
  const mix = (p: number, a: number, b: number, q: number) =>
    u * u * u * p + 3 * u * u * t * a + 3 * u * t * t * b + t * t * t * q;
  return { x: mix(from.x, piece.a.x, piece.b.x, piece.to.x), y: mix(from.y, piece.a.y, piece.b.y, piece.to.y) };
}

/** Points along the line, ends included. */
export function pointsOf(line: Line): Point[] {
  const points: Point[] = [line.start];
  let from = line.start;
  for (const piece of line.pieces) {
    for (let k = 1; k <= STEPS; k += 1) {
      const t = k / STEPS;
      points.push(
        piece.kind === "curve"
          ? cubic(from, piece, t)
          : { x: from.x + (piece.to.x - from.x) * t, y: from.y + (piece.to.y - from.y) * t },
      );
    }
    from = piece.to;
  }
  return points;
}

/** How long a line through points is. */
export function lengthOf(points: readonly Point[]): number {
  return points.reduce((sum, p, k) => {
    const before = points[k - 1];
    return before ? sum + Math.hypot(p.x - before.x, p.y - before.y) : 0;
  }, 0);
}

/** The point at a share of the line's length. */
export function pointAt(points: readonly Point[], share: number): Point {
  const lengths = points.map((p, k) => {
    const before = points[k - 1];
    return before ? Math.hypot(p.x - before.x, p.y - before.y) : 0;
  });
  const goal = lengths.reduce((a, b) => a + b, 0) * share;
  let walked = 0;
  for (let k = 1; k < points.length; k += 1) {
    const [p, q, length] = [points[k - 1], points[k], lengths[k] ?? 0];
    if (p && q && walked + length >= goal) {
      const t = length === 0 ? 0 : (goal - walked) / length;
      return { x: p.x + (q.x - p.x) * t, y: p.y + (q.y - p.y) * t };
    }
    walked += length;
  }
  return points[points.length - 1] ?? { x: 0, y: 0 };
}

/** A line through corners, each rounded. */
export function rounded(corners: readonly Point[], radius: number): Line {
  const [start, ...rest] = corners;
  if (!start) return { start: { x: 0, y: 0 }, pieces: [] };
  const pieces: Piece[] = [];
  let before = start;
  rest.forEach((corner, k) => {
    const after = rest[k + 1];
    if (!after) {
      pieces.push({ kind: "line", to: corner });
      return;
    }
    const entry = toward(corner, before, radius);
    const exit = toward(corner, after, radius);
    pieces.push({ kind: "line", to: entry }, { kind: "curve", a: corner, b: corner, to: exit });
    before = corner;
  });
  return { start, pieces };
}

function toward(corner: Point, other: Point, radius: number): Point {
  const length = Math.hypot(other.x - corner.x, other.y - corner.y);
  const share = length === 0 ? 0 : Math.min(radius, length / 2) / length;
  return { x: corner.x + (other.x - corner.x) * share, y: corner.y + (other.y - corner.y) * share };
}

/** A curve that leaves and arrives horizontally. */
export function sweep(from: Point, to: Point): Piece {
  const reach = (to.x - from.x) / 2;
  return { kind: "curve", a: { x: from.x + reach, y: from.y }, b: { x: to.x - reach, y: to.y }, to };
}

export type Direction = "right" | "left" | "down" | "up";

const UNIT: Record<Direction, Point> = {
  right: { x: 1, y: 0 },
  left: { x: -1, y: 0 },
  down: { x: 0, y: 1 },
  up: { x: 0, y: -1 },
};

/** How long the head of an arrow of this width is. */
export function headLength(width: number): number {
  return 6 + width * 0.75;
}

/** The head of an arrow whose tip is given, as SVG path text. */
export function headOf(tip: Point, direction: Direction, width: number): string {
  const { x, y } = UNIT[direction];
  const length = headLength(width);
  const half = 3.2 + width * 0.6;
  const base = { x: tip.x - x * length, y: tip.y - y * length };
  return `M${n(tip.x)} ${n(tip.y)}L${n(base.x - y * half)} ${n(base.y + x * half)}L${n(base.x + y * half)} ${n(base.y - x * half)}Z`;
}

/** Where the line must end so that the head closes it. */
export function beforeHead(tip: Point, direction: Direction, width: number): Point {
  const { x, y } = UNIT[direction];
  const length = headLength(width) - 1;
  return { x: tip.x - x * length, y: tip.y - y * length };
}
