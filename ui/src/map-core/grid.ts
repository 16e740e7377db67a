/** Where the cards stand: stages as columns from left to right, their steps stacked. */

import {
  ARC_ROOM_LEAST,
  BOTTOM_ROOM,
  CARD_HEIGHT,
  CARD_MAX,
  CARD_MIN,
  EXIT_ROOM,
  GAP_GOOD,
  GAP_MAX,
  GAP_MIN,
  LOOP_ROOM,
  PAD,
  ROWS_MAX,
  STAGE_HEIGHT,
} from "./sizes.ts";
import type { Card, MapInput, Stage } from "./types.ts";

export interface Grid {
  readonly cards: readonly Card[];
  readonly stages: readonly Stage[];
  readonly width: number;
  readonly height: number;
  readonly gap: number;
  /** The band that holds the cards with their loops and exits. */
  readonly top: number;
  readonly bottom: number;
}

const PITCH = LOOP_ROOM + CARD_HEIGHT + EXIT_ROOM;

type Columns = MapInput["columns"];

function columnsWith(columns: Columns, rows: number): number {
  return columns.reduce((sum, { steps }) => sum + Math.ceil(steps.length / rows), 0);
}

function gapWith(columns: number, width: number): number {
  return (width - 2 * PAD - columns * CARD_MIN) / Math.max(1, columns - 1);
}

/** The fewest rows that leave room between columns, else the most that fit the height. */
export function chooseRows(columns: Columns, width: number, bandHeight: number): number {
  const fit = Math.max(1, Math.min(ROWS_MAX, Math.floor(bandHeight / PITCH)));
  for (let rows = 1; rows <= fit; rows += 1) {
    if (gapWith(columnsWith(columns, rows), width) >= GAP_GOOD) return rows;
  }
  return gapWith(columnsWith(columns, fit), width) >= GAP_MIN ? fit : Math.max(fit, ROWS_MAX - 1);
}

/** Spread steps over sub-columns as evenly as their order allows. */
export function split(steps: readonly string[], rows: number): readonly (readonly string[])[] {
  const parts = Math.ceil(steps.length / rows);
  const size = Math.floor(steps.length / parts);
  const longer = steps.length % parts;
  const cut = (part: number) => part * size + Math.min(part, longer);
  return Array.from({ length: parts }, (_, part) => steps.slice(cut(part), cut(part + 1)));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** Room kept free for arcs above the first row and left of the first column. */
export interface Margins {
  readonly top: number;
  /** What arcs cannot do without: the picture grows beyond the height for it. */
  readonly least: number;
  readonly left: number;
}

/** Place every card in a picture of about the given size; it grows when the steps need more. */
export function makeGrid(columns: Columns, whole: { width: number; height: number }, margins: Margins): Grid {
  const size = { width: whole.width - margins.left, height: whole.height };
  const used = columns.filter(({ steps }) => steps.length > 0);
  const rows = chooseRows(used, size.width, size.height - STAGE_HEIGHT - Math.min(margins.top, ARC_ROOM_LEAST) - BOTTOM_ROOM);
  const left = size.height - STAGE_HEIGHT - rows * PITCH - BOTTOM_ROOM;
  const top = STAGE_HEIGHT + Math.max(margins.least, Math.min(margins.top, Math.max(ARC_ROOM_LEAST, left)));
  const count = Math.max(1, columnsWith(used, rows));
  const goal = clamp(gapWith(count, size.width), GAP_MIN, GAP_GOOD);
  const cardWidth = clamp((size.width - 2 * PAD - (count - 1) * goal) / count, CARD_MIN, CARD_MAX);
  const free = (size.width - 2 * PAD - count * cardWidth) / Math.max(1, count - 1);
  const gap = count > 1 ? clamp(free, GAP_MIN, GAP_MAX) : 0;
  const content = count * cardWidth + (count - 1) * gap;
  const width = Math.max(size.width, content + 2 * PAD);
  const height = Math.max(size.height, top + rows * PITCH + BOTTOM_ROOM);
  const bottom = height - BOTTOM_ROOM;
  const cards: Card[] = [];
  const stages: Stage[] = [];
  const start = margins.left + (width - content) / 2;
  let column = 0;
  for (const { stage, steps } of used) {
    const parts = split(steps, rows);
    const x = start + column * (cardWidth + gap);
    stages.push({ label: stage, x, width: parts.length * cardWidth + (parts.length - 1) * gap });
    for (const part of parts) {
      cards.push(...stack(part, { column, top, bottom, x: start + column * (cardWidth + gap), cardWidth }));
      column += 1;
    }
  }
  return { cards, stages, width: width + margins.left, height, gap, top, bottom };
}

interface Place {
  readonly column: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: number;
  readonly cardWidth: number;
}

function stack(steps: readonly string[], place: Place): Card[] {
  const pitch = (place.bottom - place.top) / steps.length;
  const inset = (pitch - PITCH) / 2 + LOOP_ROOM;
  return steps.map((id, row) => ({
    id,
    column: place.column,
    row,
    rows: steps.length,
    x: place.x,
    y: place.top + row * pitch + inset,
    width: place.cardWidth,
    height: CARD_HEIGHT,
  }));
}
