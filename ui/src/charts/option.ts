/** What every chart of Explore has alike: type, quiet axes, no animation. */

import type { Palette } from "@/charts/palette.ts";

export const FONT = "Inter Variable, system-ui, sans-serif";

/** Text of axes and labels. */
export function axisText(ink: Palette) {
  return { color: ink.soft, fontFamily: FONT, fontSize: 12 };
}

/** The part of a chart's options that is the same everywhere. */
export function plain(ink: Palette) {
  return { animation: false, textStyle: { fontFamily: FONT, color: ink.ink } };
}
