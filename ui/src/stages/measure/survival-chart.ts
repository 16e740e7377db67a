/** When a step is reached, as curves of everybody who took the first one; those who have not (yet) are in them. */

import type { FunnelStep } from "@/api/types.ts";
import { axisText, plain } from "@/charts/option.ts";
import type { Palette } from "@/charts/palette.ts";
import { count, duration, percent } from "@/lib/format.ts";
import type { FunnelSeries } from "@/stages/measure/funnel-chart.ts";
import { timeScale } from "@/stages/measure/time-scale.ts";

export const SURVIVAL_HEIGHT = 320;
const SYMBOLS = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect"];
const DASHES: readonly ("solid" | "dashed" | "dotted" | readonly number[])[] = ["solid", "dashed", "dotted", [10, 3, 2, 3], [2, 6], [14, 5]];
const MOST_LINES = 6;
/** So many signs stand on a curve; its other points show when they are pointed at. */
const SIGNS = 8;

/** One curve: a step of one row of bars. */
export interface SurvivalLine {
  readonly name: string;
  readonly series: number;
  /** Place of the step from 0. */
  readonly k: number;
  readonly step: FunnelStep;
}

/** Of one row every step is drawn, of several the last one each. */
export function survivalLines(series: readonly FunnelSeries[]): readonly SurvivalLine[] {
  const alone = series.length === 1;
  return series.flatMap((one, place) =>
    one.steps.flatMap((step, k): SurvivalLine[] => {
      const drawn = k > 0 && step.survival != null && (alone || k === one.steps.length - 1);
      return drawn ? [{ name: alone ? step.name : (one.name ?? ""), series: place, k, step }] : [];
    }),
  );
}

/** Those that a picture has room for: the last ones. */
export function drawnLines(lines: readonly SurvivalLine[]): readonly SurvivalLine[] {
  return lines.slice(-MOST_LINES);
}

interface Look {
  readonly color: string;
  readonly type: "solid" | "dashed" | "dotted" | readonly number[];
}

export function survivalOption(lines: readonly SurvivalLine[], ink: Palette, narrow = false) {
  const text = axisText(ink);
  const points = lines.map((line) => line.step.survival?.curve ?? []);
  const scale = timeScale(points.flat().map((point) => point.seconds));
  const top = Math.max(0.1, ...points.flat().map((point) => point.interval?.[1] ?? point.share));
  const several = new Set(lines.map((line) => line.series)).size > 1;
  const look = (k: number) => lookOf(several ? k : lines.length - 1 - k, several, ink);
  const curves = lines.map((line, k) => {
    const signs = Math.max(1, Math.ceil((points[k]?.length ?? 0) / SIGNS));
    return {
      type: "line" as const,
      name: line.name,
      step: "end" as const,
      symbol: SYMBOLS[k],
      symbolSize: 7,
      showAllSymbol: true,
      cursor: "pointer",
      color: look(k).color,
      lineStyle: { width: 2, type: look(k).type },
      data: [
        { value: [scale.min, 0], symbol: "none" },
        ...(points[k] ?? []).map((point, place) => ({ value: [scale.at(point.seconds), point.share], itemStyle: { opacity: place % signs === signs - 1 ? 1 : 0 }, emphasis: { itemStyle: { opacity: 1 } } })),
      ],
    };
  });
  const marks = narrow ? scale.marks.filter((_, k) => k % Math.ceil(scale.marks.length / 4) === 0) : scale.marks;
  const at = marks.map((mark) => mark.at);
  return {
    ...plain(ink),
    grid: { left: 8, right: 24, top: narrow ? 24 + 20 * Math.ceil(lines.length / 2) : 40, bottom: 28, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 34, itemGap: 16, textStyle: { ...text, overflow: "truncate" as const, width: narrow ? 140 : 240 }, type: "plain" as const, selectedMode: false as const, data: lines.map((one) => one.name) },
    tooltip: {
      trigger: "item" as const,
      renderMode: "richText" as const,
      confine: true,
      formatter: ({ seriesIndex, dataIndex }: { seriesIndex: number; dataIndex: number }) => {
        const point = points[seriesIndex]?.[dataIndex - 1];
        if (!point) return "";
        const likely = point.interval ? `, likely ${percent(point.interval[0])} to ${percent(point.interval[1])}` : "";
        return `${lines[seriesIndex]?.name ?? ""}\nwithin ${duration(point.seconds)}: ${percent(point.share)}${likely}\n${count(point.entities)} were seen to get there`;
      },
    },
    xAxis: {
      type: "value" as const, min: scale.min, max: scale.max, name: scale.name, nameLocation: "middle" as const, nameGap: 26, nameTextStyle: text, splitLine: { show: false }, axisLine: { lineStyle: { color: ink.line } },
      axisTick: { customValues: at },
      axisLabel: { ...text, customValues: at, hideOverlap: true, formatter: (value: number) => marks.find((mark) => Math.abs(mark.at - value) < 1e-9)?.name ?? "" },
    },
    yAxis: { type: "value" as const, min: 0, max: Math.min(1, Math.ceil(top * 10) / 10), axisLabel: { ...text, formatter: (value: number) => percent(value) }, splitLine: { lineStyle: { color: ink.line } } },
    series: [...curves, ...shaded(lines, several).flatMap((k) => band(lines[k], scale.at, look(k).color))],
  };
}

/** The last step, or the first row, is the strong line; sign and dash tell the others apart, never colour alone. */
function lookOf(place: number, several: boolean, ink: Palette): Look {
  return { color: place < (several ? 2 : 1) ? ink.accent : ink.soft, type: DASHES[place] ?? "solid" };
}

/** Which curves show what they likely are: the last step's, or both of two; of more it stands in the table. */
function shaded(lines: readonly SurvivalLine[], several: boolean): readonly number[] {
  if (!several) return lines.length > 0 ? [lines.length - 1] : [];
  return lines.length === 2 ? [0, 1] : [];
}

/** What a curve likely is: an area between its bounds. */
function band(line: SurvivalLine | undefined, at: (seconds: number) => number, color: string) {
  const points = (line?.step.survival?.curve ?? []).flatMap(({ seconds, interval }) => (interval ? [{ x: at(seconds), low: interval[0], high: interval[1] }] : []));
  const side = (data: readonly (readonly number[])[], opacity: number) => ({
    type: "line" as const, name: "likely", stack: `likely ${line?.series ?? 0}`, step: "end" as const, silent: true, symbol: "none", tooltip: { show: false }, lineStyle: { opacity: 0 }, areaStyle: { color, opacity }, data: [...data],
  });
  return [side(points.map(({ x, low }) => [x, low]), 0), side(points.map(({ x, low, high }) => [x, high - low]), 0.16)];
}
