/** What separates two groups as bars: the difference of the shares in points, with the range in which it likely lies. */

import type { Separating } from "@/api/types.ts";
import { axisText, plain } from "@/charts/option.ts";
import type { Palette } from "@/charts/palette.ts";

const MOST_DRAWN = 15;
const ROW = 26;
const ROOM = 52;

export function drawn(things: readonly Separating[]): readonly Separating[] {
  return things.slice(0, MOST_DRAWN);
}

export function apartHeight(things: readonly Separating[]): number {
  return ROOM + ROW * drawn(things).length;
}

export function apartOption(things: readonly Separating[], ink: Palette) {
  const rows = drawn(things);
  const text = axisText(ink);
  return {
    ...plain(ink),
    grid: { left: 8, right: 24, top: 8, bottom: 28, containLabel: true },
    tooltip: { trigger: "item" as const, renderMode: "richText" as const, formatter: ({ dataIndex }: { dataIndex: number }) => rows[dataIndex]?.words.replace(": ", ":\n") ?? "" },
    xAxis: { type: "value" as const, name: "points more in B than in A", nameLocation: "middle" as const, nameGap: 26, nameTextStyle: text, axisLabel: text, splitLine: { lineStyle: { color: ink.line } } },
    yAxis: { type: "category" as const, inverse: true, data: rows.map((one) => one.label), axisLabel: { ...text, color: ink.ink, width: 190, overflow: "truncate" as const }, axisTick: { show: false }, axisLine: { lineStyle: { color: ink.line } } },
    series: [
      { type: "bar" as const, barWidth: 12, data: rows.map((one) => ({ value: 100 * one.difference, itemStyle: { color: one.difference >= 0 ? ink.accent : ink.soft } })) },
      ...rows.flatMap((one) => (one.interval ? [{ type: "line" as const, symbol: "rect", symbolSize: [2, 10], silent: true, color: ink.ink, lineStyle: { width: 1.5 }, data: one.interval.map((end) => [100 * end, one.label]) }] : [])),
    ],
  };
}
