/** The life of people as bars over time: new, there again and back above the line, gone below it; marks across. */

import { axisText, plain } from "@/charts/option.ts";
import type { Palette } from "@/charts/palette.ts";
import { markLines } from "@/charts/release-marks.tsx";
import type { LifePeriod } from "@/api/types.ts";
import { count, day, percent } from "@/lib/format.ts";
import type { Mark } from "@/lib/marks.ts";
import { endOf } from "@/lib/periods.ts";

export const LIFE_HEIGHT = 340;
export const KINDS = ["new", "returning", "resurrecting", "dormant"] as const;
export type Kind = (typeof KINDS)[number];
export const KIND_WORDS: Record<Kind, { readonly name: string; readonly what: string }> = {
  new: { name: "New", what: "Their first such event ever lies in this period." },
  returning: { name: "There again", what: "There in the period before, too." },
  resurrecting: { name: "Back", what: "There before, not in the period before, and now again." },
  dormant: { name: "Gone", what: "There in the period before, and not in this one." },
};

export interface LifeDrawing {
  readonly periods: readonly LifePeriod[];
  readonly period: string;
  readonly timezone: string;
  readonly marks: readonly Mark[];
}

/** Begin and end of every period in milliseconds. */
function spans({ periods, period, timezone }: LifeDrawing): readonly (readonly [number, number])[] {
  return periods.map((one) => [Date.parse(one.start), Date.parse(endOf(one.start, period, timezone))]);
}

function axes(drawing: LifeDrawing, ink: Palette, share: boolean) {
  const [text, every] = [axisText(ink), spans(drawing)];
  return {
    ...plain(ink),
    grid: { left: 8, right: 24, top: 52, bottom: 8, containLabel: true },
    xAxis: {
      type: "time" as const,
      min: every[0]?.[0],
      max: every.at(-1)?.[1],
      axisLabel: { ...text, hideOverlap: true, customValues: ticks(every.map(([begin]) => begin)), formatter: (ms: number) => day(new Date(ms).toISOString(), drawing.timezone) },
      splitLine: { show: false },
      axisLine: { lineStyle: { color: ink.line } },
      axisTick: { show: false },
    },
    yAxis: {
      type: "value" as const,
      ...(share ? { min: 0, max: 1 } : {}),
      axisLabel: { ...text, formatter: (value: number) => (share ? percent(value) : count(Math.abs(value))) },
      splitLine: { lineStyle: { color: ink.line } },
    },
  };
}

const MOST_TICKS = 10;

/** Where the axis says a day: where periods begin, not at every one where there are many. */
function ticks(begins: readonly number[]): readonly number[] {
  const every = Math.ceil(begins.length / MOST_TICKS);
  return begins.filter((_, k) => k % every === 0);
}

export function lifeOption(drawing: LifeDrawing, ink: Palette) {
  const every = spans(drawing);
  const colours: Record<Kind, string> = { new: ink.accentLine, returning: ink.accent, resurrecting: ink.soft, dormant: ink.lessLine };
  const value = (one: LifePeriod, kind: Kind) => (kind === "dormant" ? -(one.dormant ?? 0) : one[kind]);
  return {
    ...axes(drawing, ink, false),
    legend: { top: 0, left: 0, icon: "roundRect", textStyle: axisText(ink), selectedMode: false as const, data: KINDS.map((kind) => KIND_WORDS[kind].name) },
    tooltip: {
      trigger: "item" as const,
      renderMode: "richText" as const,
      formatter: ({ seriesIndex, dataIndex }: { seriesIndex: number; dataIndex: number }) => {
        const [one, kind] = [drawing.periods[dataIndex], KINDS[seriesIndex]];
        if (!one || !kind) return "";
        return `${day(one.start, drawing.timezone)}, ${drawing.period}\n${KIND_WORDS[kind].name}: ${one[kind] === null ? "not over" : count(one[kind] ?? 0)}`;
      },
    },
    series: KINDS.map((kind, k) => ({
      type: "bar" as const,
      name: KIND_WORDS[kind].name,
      stack: "life",
      barCategoryGap: "18%",
      cursor: "pointer",
      emphasis: { disabled: true },
      itemStyle: { color: colours[kind] },
      data: drawing.periods.map((one, at) => [((every[at]?.[0] ?? 0) + (every[at]?.[1] ?? 0)) / 2, value(one, kind)]),
      ...(k === 0 ? { markLine: markLines(drawing.marks, ink) } : {}),
    })),
  };
}

/** Of those there in the period before, the share that is there again: a line for each side. */
export function stayedOption(sides: readonly (LifeDrawing & { readonly name: string })[], ink: Palette) {
  const [first] = sides;
  const looks = [{ color: ink.accent, symbol: "circle", type: "solid" as const }, { color: ink.less, symbol: "rect", type: "dashed" as const }];
  return {
    ...(first ? axes(first, ink, true) : plain(ink)),
    legend: { top: 0, left: 0, textStyle: axisText(ink), selectedMode: false as const, data: sides.map((one) => one.name) },
    tooltip: {
      trigger: "item" as const,
      renderMode: "richText" as const,
      formatter: ({ seriesIndex, dataIndex }: { seriesIndex: number; dataIndex: number }) => {
        const one = known(sides[seriesIndex]?.periods ?? [])[dataIndex];
        return one && first ? `${sides[seriesIndex]?.name ?? ""}, ${day(one.start, first.timezone)}\nthere again: ${percent(one.stayed ?? 0)} of those there the ${first.period} before` : "";
      },
    },
    series: sides.map((side, k) => ({
      type: "line" as const,
      name: side.name,
      symbolSize: 7,
      symbol: looks[k]?.symbol,
      color: looks[k]?.color,
      lineStyle: { width: 2, type: looks[k]?.type },
      data: known(side.periods).map((one) => [Date.parse(one.start), one.stayed]),
      ...(k === 0 ? { markLine: markLines(side.marks, ink) } : {}),
    })),
  };
}

/** Periods that are over and have somebody in the one before. */
function known(periods: readonly LifePeriod[]): readonly LifePeriod[] {
  return periods.filter((one) => one.stayed !== null);
}
