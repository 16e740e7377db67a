/** A funnel as CSV: a line per step, and per point of its curve where there is one. */

import type { FunnelDiff, FunnelStep } from "@/api/types.ts";
import { toCsv } from "@/lib/csv.ts";
import type { FunnelSeries } from "@/stages/measure/funnel-chart.ts";

const STEPS = ["of", "step", "name", "optional", "count", "people", "from_first", "low", "high", "from_previous", "median_seconds", "censored", "over", "words"];
const CURVE = ["within_seconds", "within_count", "within_share", "within_low", "within_high"];

export function funnelCsv(series: readonly FunnelSeries[], diff: FunnelDiff | null): string {
  const curves = series.some((one) => one.steps.some((step) => step.survival != null));
  const rows = series.flatMap((one, place) =>
    one.steps.flatMap((step, k) => {
      const words = diff && place === 1 ? (diff.steps[k]?.from_first.words ?? null) : null;
      const line = [one.name, k + 1, ...figures(step), words];
      const points = step.survival?.curve ?? [];
      return [line, ...points.map((point) => [one.name, k + 1, step.name, ...Array<null>(STEPS.length - 3).fill(null), point.seconds, point.entities, point.share, point.interval?.[0] ?? null, point.interval?.[1] ?? null])];
    }),
  );
  return toCsv(curves ? [...STEPS, ...CURVE] : STEPS, rows);
}

function figures(step: FunnelStep) {
  const { survival } = step;
  return [
    step.name, step.optional ? "yes" : null, step.entities, step.owners ?? step.entities, step.from_first, step.interval?.[0] ?? null, step.interval?.[1] ?? null, step.from_previous,
    survival?.median_seconds ?? step.median_seconds ?? null, survival?.censored ?? step.censored ?? null, survival?.over ?? null,
  ];
}
