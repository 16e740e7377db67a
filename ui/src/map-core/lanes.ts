/** Free ways for long forward arrows, past the cards between their ends. */

import { EXIT_ROOM, LOOP_ROOM } from "./sizes.ts";
import type { Card } from "./types.ts";

export interface Span {
  readonly low: number;
  readonly high: number;
}

interface Taken extends Span {
  readonly y: number;
}

const CLEAR = 9;
/** Eighteen leaves each text its own height; closer only where no room is left. */
const APART = [18, 15, 12, 9, 4.5] as const;

/** Heights that no card, loop or exit of the given cards takes, between top and bottom. */
export function freeHeights(cards: readonly Card[], top: number, bottom: number): Span[] {
  const blocked = cards
    .map((card) => ({ low: card.y - LOOP_ROOM + 2, high: card.y + card.height + EXIT_ROOM - 2 }))
    .sort((a, b) => a.low - b.low);
  const free: Span[] = [];
  let from = top;
  for (const { low, high } of blocked) {
    if (low - from >= 2 * CLEAR) free.push({ low: from, high: low });
    from = Math.max(from, high);
  }
  free.push({ low: from, high: Math.max(bottom, from + 2 * CLEAR) });
  return free;
}

/** Hands out heights so that long arrows neither cross cards nor lie on one another. */
export class Lanes {
  private readonly taken: Taken[] = [];

  /** The nearest free height to both ends, for an arrow over the columns `low` to `high`. */
  pick(free: readonly Span[], ends: readonly [number, number], columns: Span): number {
    const wish = (ends[0] + ends[1]) / 2;
    const choices = free.flatMap((span) => this.inside(span, wish, columns));
    const cost = (y: number) => Math.abs(y - ends[0]) + Math.abs(y - ends[1]);
    const best = choices.reduce<number | null>((a, b) => (a === null || cost(b) < cost(a) ? b : a), null);
    const y = best ?? wish;
    this.take(y, columns);
    return y;
  }

  /** Keep others off a height over these columns. */
  take(y: number, columns: Span): void {
    this.taken.push({ y, ...columns });
  }

  private inside(span: Span, wish: number, columns: Span): number[] {
    const low = span.low + CLEAR;
    const high = Math.max(low, span.high - CLEAR);
    const start = Math.min(high, Math.max(low, wish));
    const steps = Array.from({ length: 144 }, (_, k) => [start + k * 3, start - k * 3]).flat();
    const heights = [...steps.filter((y) => y >= low && y <= high), low, high];
    for (const apart of APART) {
      const found = heights.find((y) => this.clear(y, columns, apart));
      if (found !== undefined) return [found];
    }
    return [];
  }

  private clear(y: number, columns: Span, apart: number): boolean {
    return this.taken.every(
      (other) => other.high < columns.low || other.low > columns.high || Math.abs(other.y - y) >= apart - 1,
    );
  }
}
