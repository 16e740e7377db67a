/** Retention as curves: who came back after so many periods, over all cohorts that have seen them to their end. */

import { axisText, plain } from "@/charts/option.ts";
import type { Palette } from "@/charts/palette.ts";
import type { Cohort } from "@/api/types.ts";
import { count, percent } from "@/lib/format.ts";
import { pooled } from "@/stages/measure/pooled.ts";

export const CURVES_HEIGHT = 320;
const SYMBOLS = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect", "emptyTriangle", "emptyDiamond"];

export interface Curve {
  readonly name: string;
  /** Of a part: the value, null when it is not known, and how many rare ones it joins. */
  readonly value?: string | null;
  readonly others?: number | null;
  readonly cohorts: readonly Cohort[];
}

export function retentionOption(curves: readonly Curve[], period: string, ink: Palette) {
  const text = axisText(ink);
  const rows = curves.map(({ cohorts }) => pooled(cohorts));
  const colour = (k: number) => (k % 2 === 0 ? ink.accent : ink.soft);
  return {
    ...plain(ink),
    grid: { left: 8, right: 24, top: curves.length > 1 ? 36 : 14, bottom: 28, containLabel: true },
    ...(curves.length > 1 ? { legend: { top: 0, left: 0, textStyle: text, type: "scroll" as const, selectedMode: false as const, data: curves.map((one) => one.name) } } : {}),
    tooltip: {
      trigger: "item" as const,
      renderMode: "richText" as const,
      formatter: ({ seriesIndex, dataIndex }: { seriesIndex: number; dataIndex: number }) => {
        const row = rows[seriesIndex]?.[dataIndex];
        return row ? `${curves[seriesIndex]?.name ?? ""}\nafter ${row.k}: ${count(row.came)} of ${count(row.size)}, ${percent(row.came / row.size)}` : "";
      },
    },
    xAxis: { type: "value" as const, min: 0, minInterval: 1, name: `${period}s after they began`, nameLocation: "middle" as const, nameGap: 26, nameTextStyle: text, axisLabel: text, splitLine: { show: false }, axisLine: { lineStyle: { color: ink.line } } },
    yAxis: { type: "value" as const, min: 0, max: 1, axisLabel: { ...text, formatter: (value: number) => percent(value) }, splitLine: { lineStyle: { color: ink.line } } },
    series: curves.map((one, k) => ({
      type: "line" as const,
      name: one.name,
      symbol: SYMBOLS[k % SYMBOLS.length],
      symbolSize: 7,
      color: colour(k),
      lineStyle: { width: 2, type: k < 2 ? ("solid" as const) : ("dashed" as const) },
      data: (rows[k] ?? []).map((row) => [row.k, row.came / row.size]),
    })),
  };
}
