/** The measures of the picture in pixels at zoom 1. */

export const PAD = 20;
export const STAGE_HEIGHT = 30;
export const CARD_HEIGHT = 112;
export const CARD_MIN = 116;
export const CARD_MAX = 172;
export const GAP_MIN = 50;
export const GAP_GOOD = 76;
export const GAP_MAX = 132;
export const LOOP_RISE = 17;
export const LOOP_ROOM = 38;
export const EXIT_DROP = 16;
export const EXIT_ROOM = 28;
/** Lanes of returns this far apart leave each text the room that a finger needs; closer only where the height ends. */
export const LANES_APART = [26, 20, 15, 11, 8] as const;
/** Arcs get at least this much above the cards; more only where the height has it to spare. */
export const ARC_ROOM_LEAST = 24;
export const BOTTOM_ROOM = 22;
export const ROWS_MAX = 4;
export const TEXT_HEIGHT = 17;
/** Room at the left for returns up the first column. */
export const LEFT_ROOM = 50;
export const LINE_MIN = 1.25;
export const LINE_MAX = 7;
/** Loops and returns stay thin, so that the way forward leads the eye. */
export const LINE_MAX_BACK = 2.5;
export const LINE_MAX_TRUNK = 5;

const LETTER = 6.15;

/** Room that a label of small text needs. */
export function textWidth(text: string): number {
  return Math.ceil(text.length * LETTER) + 10;
}
