/** Where times stand on an axis: evenly, or, where most of them are short beside the longest, by their power of ten. */

import { duration } from "@/lib/format.ts";

const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400];
export const LOG_MARKS = [1, 10, MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY, 90 * DAY, 365 * DAY, 3_650 * DAY];
const UNITS = [
  { seconds: DAY, name: "days" },
  { seconds: HOUR, name: "hours" },
  { seconds: MINUTE, name: "minutes" },
  { seconds: 1, name: "seconds" },
] as const;
const EVEN_STEPS = [1, 2, 5, 10, 15, 20, 30, 60, 90, 180, 365, 730];
const MOST_MARKS = 8;
/** Half of the times lie in this share of the axis or less: they would all stand at its edge. */
const CROWDED = 0.1;

export interface TimeScale {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly at: (seconds: number) => number;
  readonly marks: readonly { readonly at: number; readonly name: string }[];
}

export function timeScale(times: readonly number[]): TimeScale {
  const longest = Math.max(1, ...times);
  const sorted = [...times].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? longest;
  return middle < CROWDED * longest ? byPower(sorted[0] ?? 1, longest) : even(longest);
}

function byPower(shortest: number, longest: number): TimeScale {
  const from = LOG_MARKS.findLast((mark) => mark <= shortest) ?? 1;
  const at = (seconds: number) => Math.log10(Math.max(from, seconds));
  const marks = LOG_MARKS.filter((one) => from <= one && one <= longest).map((one) => ({ at: at(one), name: duration(one).replace(/^24 h$/, "1 day") }));
  return { name: "time since the first step, each mark a longer one", min: at(from), max: at(longest), at, marks };
}

function even(longest: number): TimeScale {
  const unit = UNITS.find((one) => longest >= 2 * one.seconds) ?? { seconds: 1, name: "seconds" };
  const at = (seconds: number) => seconds / unit.seconds;
  const step = EVEN_STEPS.find((one) => at(longest) / one <= MOST_MARKS) ?? Math.ceil(at(longest) / MOST_MARKS);
  const marks = Array.from({ length: Math.floor(at(longest) / step) + 1 }, (_, k) => ({ at: k * step, name: String(k * step) }));
  return { name: `${unit.name} since the first step`, min: 0, max: at(longest), at, marks };
}
