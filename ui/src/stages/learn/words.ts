/** How states and verdicts of experiments are named and marked. */

import type { ExperimentLine } from "@/api/types.ts";

export const STATES: Record<ExperimentLine["state"], string> = {
  draft: "Draft",
  locked: "Locked, not begun",
  running: "Running",
  ended: "Ended",
};

const MARKS: Record<string, { readonly sign: string; readonly tone: string }> = {
  works: { sign: "●", tone: "good" },
  "no effect": { sign: "○", tone: "still" },
  harms: { sign: "■", tone: "bad" },
  "cannot tell yet": { sign: "◌", tone: "still" },
};

/** The sign and tone of a verdict; colour is never alone. */
export function markOf(word: string | null): { readonly sign: string; readonly tone: string } {
  return MARKS[word ?? ""] ?? { sign: "·", tone: "still" };
}

/** A share in points with its sign. */
export function points(share: number): string {
  const value = share * 100;
  const text = Math.abs(value) < 3 && value !== 0 ? Math.abs(value).toFixed(1).replace(/\.0$/, "") : Math.round(Math.abs(value)).toString();
  return `${value < 0 && text !== "0" ? "−" : value > 0 && text !== "0" ? "+" : ""}${text}`;
}
