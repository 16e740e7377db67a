/** Stickiness as bars: how many people, or which share of a side, are active in exactly so many periods. */

import { axisText, plain } from "@/charts/option.ts";
import type { Palette } from "@/charts/palette.ts";
import type { PeopleOf } from "@/api/people-of.ts";
import type { StickinessLevel } from "@/api/types.ts";
import { count, percent } from "@/lib/format.ts";
import { type Counted, many } from "@/stages/measure/funnel-counted.ts";

export const STICKINESS_HEIGHT = 300;

export interface Levels {
  readonly name: string;
  readonly entities: number;
  readonly levels: readonly StickinessLevel[];
  readonly list: (cell: string, title: string) => PeopleOf;
}

export interface StickinessDrawing {
  readonly sides: readonly Levels[];
  readonly period: string;
  readonly counted: Counted;
}

export function stickinessOption({ sides, period, counted }: StickinessDrawing, ink: Palette) {
  const text = axisText(ink);
  const longest = Math.max(1, ...sides.map(({ levels }) => levels.length));
  const shares = sides.length > 1;
  const value = (side: Levels, k: number) => (side.levels[k]?.entities ?? 0) / (shares ? Math.max(side.entities, 1) : 1);
  return {
    ...plain(ink),
    grid: { left: 8, right: 24, top: shares ? 36 : 14, bottom: 28, containLabel: true },
    ...(shares ? { legend: { top: 0, left: 0, textStyle: text, selectedMode: false as const, data: sides.map((one) => one.name) } } : {}),
    tooltip: {
      trigger: "item" as const,
      renderMode: "richText" as const,
      formatter: ({ seriesIndex, dataIndex }: { seriesIndex: number; dataIndex: number }) => {
        const one = sides[seriesIndex]?.levels[dataIndex];
        return one ? `${sides[seriesIndex]?.name ?? ""}\n${onExactly(one.periods, period)}: ${many(one.entities, counted)}` : "";
      },
    },
    xAxis: { type: "category" as const, data: Array.from({ length: longest }, (_, k) => String(k + 1)), name: `${period}s on which they are active`, nameLocation: "middle" as const, nameGap: 26, nameTextStyle: text, axisLabel: text, axisLine: { lineStyle: { color: ink.line } } },
    yAxis: { type: "value" as const, axisLabel: { ...text, formatter: (one: number) => (shares ? percent(one) : count(one)) }, splitLine: { lineStyle: { color: ink.line } } },
    series: sides.map((side, k) => ({ type: "bar" as const, name: side.name, color: k === 0 ? ink.accent : ink.soft, cursor: "pointer", data: Array.from({ length: longest }, (_, place) => value(side, place)) })),
  };
}

/** "on exactly 3 days". */
export function onExactly(periods: number, period: string): string {
  return `on exactly ${count(periods)} ${period}${periods === 1 ? "" : "s"}`;
}
