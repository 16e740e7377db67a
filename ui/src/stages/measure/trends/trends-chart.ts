/** Trends as lines over time; a period that is not over, or that the selection cuts, stands apart, never as a fall. */

import { axisText, plain } from "@/charts/option.ts";
import type { Palette } from "@/charts/palette.ts";
import { markLines } from "@/charts/release-marks.tsx";
import { day } from "@/lib/format.ts";
import type { Mark } from "@/lib/marks.ts";
import type { Counted } from "@/stages/measure/funnel-counted.ts";
import { called, isWhole, type Line, type Show, showWords, valueOf, written } from "@/stages/measure/trends/lines.ts";

export const TRENDS_HEIGHT = 340;
const SYMBOLS = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect", "emptyTriangle", "emptyDiamond"];
const MOST_TICKS = 10;

export interface TrendsDrawing {
  readonly lines: readonly Line[];
  readonly show: Show;
  readonly period: string;
  readonly timezone: string;
  readonly currency: string | null;
  readonly marks: readonly Mark[];
  readonly counted: Counted;
}

export function trendsOption({ lines, show, period, timezone, currency, marks, counted }: TrendsDrawing, ink: Palette) {
  const word = showWords(counted)[show];
  const text = axisText(ink);
  const starts = [...new Set(lines.flatMap(({ points }) => points.map((one) => Date.parse(one.start))))].sort((a, b) => a - b);
  // What was released after the last period began lies in it all the same.
  const last = starts.at(-1);
  const end = last !== undefined && marks.length > 0 ? Math.max(last, ...marks.map(({ time }) => Date.parse(time))) : last;
  const every = Math.ceil(starts.length / MOST_TICKS);
  return {
    ...plain(ink),
    grid: { left: 8, right: 24, top: (lines.length > 1 ? 52 : 28) + (marks.length > 0 ? 24 : 0), bottom: 8, containLabel: true },
    ...(lines.length > 1 ? { legend: { top: 0, left: 0, type: "scroll" as const, textStyle: text, selectedMode: false as const, data: lines.map((one) => one.name) } } : {}),
    tooltip: {
      trigger: "item" as const,
      renderMode: "richText" as const,
      formatter: ({ seriesIndex, dataIndex }: { seriesIndex: number; dataIndex: number }) => {
        const [line, one] = [lines[seriesIndex >> 1], lines[seriesIndex >> 1]?.points[dataIndex]];
        if (!line || !one) return "";
        const left = one.over ? (one.cut ? "\nbegins before the selection" : "") : "\nnot over";
        return `${line.name}\n${called(one.start, period, timezone)}: ${word.toLowerCase()} ${written(valueOf(one, show), show, currency)}${left}`;
      },
    },
    xAxis: {
      type: "time" as const,
      min: starts[0],
      max: end,
      axisLabel: { ...text, hideOverlap: true, customValues: starts.filter((_, k) => k % every === 0), formatter: (ms: number) => day(new Date(ms).toISOString(), timezone) },
      splitLine: { show: false },
      axisLine: { lineStyle: { color: ink.line } },
      axisTick: { show: false },
    },
    yAxis: { type: "value" as const, name: word, nameTextStyle: { ...text, align: "left" as const }, axisLabel: { ...text, formatter: (value: number) => written(value, show, currency) }, splitLine: { lineStyle: { color: ink.line } } },
    series: lines.flatMap((line, k) => seriesOf(line, k, show, ink)).map((one, k) => (k === 0 ? { ...one, markLine: markLines(marks, ink) } : one)),
  };
}

/** Two series of a line: its whole periods, and dotted with hollow points what leads to the others. */
function seriesOf({ name, points }: Line, k: number, show: Show, ink: Palette) {
  const color = k % 2 === 0 ? ink.accent : ink.soft;
  const at = (one: Line["points"][number], shown: boolean) => [Date.parse(one.start), shown ? valueOf(one, show) : null];
  const near = (place: number) => [place - 1, place, place + 1].some((one) => points[one] && !isWhole(points[one]));
  const look = { type: "line" as const, name, symbolSize: points.length > 60 ? 4 : 7, showAllSymbol: true, color, cursor: "pointer", connectNulls: false };
  return [
    { ...look, symbol: SYMBOLS[k % SYMBOLS.length], lineStyle: { width: 2, type: k < 2 ? ("solid" as const) : ("dashed" as const) }, data: points.map((one) => at(one, isWhole(one))) },
    {
      ...look,
      symbol: "emptyCircle",
      z: 1,
      lineStyle: { width: 1, type: "dotted" as const },
      data: points.map((one, place) => ({ value: at(one, near(place)), ...(isWhole(one) ? { symbol: "none" } : {}) })),
    },
  ];
}
