/** The map as a file: the same layout and the same words as the page, in the page's colours. */

import type { Lens } from "@/api/address.ts";
import type { Picture } from "@/api/types.ts";
import { aboutMoney, count, inSigns, percent } from "@/lib/format.ts";
import { drawMap } from "@/map-core/drawing.ts";
import { layoutMap } from "@/map-core/layout.ts";
import { arrowId, arrowStrengths, arrowText, mapInput, visibleMoves } from "@/stages/atlas/map-input.ts";
import { cardMark, visibleLoss } from "@/stages/atlas/marks.ts";

const SIZE = { width: 1360, height: 520 };

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Draw the picture as it is seen through the lens. */
export function mapDrawing(picture: Picture, lens: Lens, smaller: boolean): { svg: string; width: number; height: number } {
  const { price } = picture;
  const drawn = new Map(visibleMoves(picture, smaller).map((one) => [arrowId(one.arrow), one]));
  const strength = arrowStrengths(picture, lens);
  const layout = layoutMap(mapInput(picture, lens, smaller), SIZE);
  const words = {
    headline: inSigns(picture.headline, price.currency),
    foot: `Shares are of ${count(price.entrants_per_month)} who come in a month. ${count(picture.hidden_moves)} smaller moves ${smaller ? "shown" : "hidden"}.`,
    card: (id: string) => {
      const step = picture.document.steps.find((one) => one.id === id);
      const figures = price.steps.find((one) => one.id === id);
      if (!step) return undefined;
      const mark = cardMark(step, figures, picture);
      const lost = visibleLoss(figures, price);
      const lines = [
        figures ? `${count(figures.people_per_month)} · ${percent(figures.share)}` : "",
        mark ? `${mark.shape} ${mark.word}` : "",
        lost === null ? "" : aboutMoney(-lost, price.currency),
      ];
      return { name: step.name, lines: lines.filter((line) => line !== ""), dashed: step.rule === null, strong: mark?.shape === "▲" };
    },
    arrow: (id: string) => {
      const one = drawn.get(id);
      return { text: one ? arrowText(one, lens, price.currency) : "", strong: lens === "money" && (strength.get(id) ?? 0) > 1 };
    },
    exit: (id: string) => `${count(price.steps.find((one) => one.id === id)?.leave_per_month ?? 0)} leave`,
  };
  const ink = {
    page: colour("--page"),
    surface: colour("--surface"),
    line: colour("--line"),
    ink: colour("--ink"),
    soft: colour("--ink-soft"),
    arrow: colour("--arrow"),
    accent: colour("--accent"),
  };
  return drawMap(layout, words, ink);
}
