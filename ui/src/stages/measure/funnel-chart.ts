/** A funnel as bars: who reached each step, with what is likely, and who stopped before it. */

import type { CustomSeriesRenderItem } from "echarts/types/dist/shared";
import { axisText, plain } from "@/charts/option.ts";
import type { Palette } from "@/charts/palette.ts";
import type { FunnelStep } from "@/api/types.ts";
import { count, percent } from "@/lib/format.ts";
import { neededBefore } from "@/stages/measure/sentences.ts";

const ROW = 46;
const FOOT = 34;

/** One row of bars: the steps of everybody, of one value, or of one side. */
export interface FunnelSeries {
  readonly name: string | null;
  /** The part of a breakdown as cells write it; null for everybody, and for a side. */
  readonly part: string | null;
  readonly steps: readonly FunnelStep[];
}

const BAND = 0;

export function funnelHeight(series: readonly FunnelSeries[]): number {
  const rows = series[0]?.steps.length ?? 0;
  return rows * Math.max(ROW, series.length * 20 + 16) + FOOT + (series.some((one) => one.name !== null) ? 30 : 0);
}

/** Marks the interval of a bar at its end; `offset` moves it to the bar among several. */
function whisker(colour: string, halo: string, offset: number): CustomSeriesRenderItem {
  return (_, api) => {
    const row = Number(api.value(2));
    const [low = 0, y = 0] = api.coord([Number(api.value(0)), row]);
    const [high = 0] = api.coord([Number(api.value(1)), row]);
    const size = api.size?.([0, 1]);
    const height = Array.isArray(size) ? (size[1] ?? 0) : 0;
    const at = y + offset * height;
    // A pale line under the dark one, so that both ends are seen on the bar and beside it.
    const lines = (stroke: string, lineWidth: number) =>
      [
        [low, high, at, at],
        [low, low, at - 5, at + 5],
        [high, high, at - 5, at + 5],
      ].map(([x1 = 0, x2 = 0, y1 = 0, y2 = 0]) => ({ type: "line" as const, shape: { x1, x2, y1, y2 }, style: { stroke, lineWidth } }));
    return { type: "group", children: [...lines(halo, 4), ...lines(colour, 1.5)] };
  };
}

/** A shade for each of several rows of bars; their order in the legend tells them apart, too. */
export function shades(ink: Palette, many: number): readonly string[] {
  return [ink.accent, ink.accentLine, ink.soft, ink.line].slice(0, Math.max(1, many));
}

export function funnelOption(series: readonly FunnelSeries[], ink: Palette, narrow = false) {
  const steps = series[0]?.steps ?? [];
  const text = axisText(ink);
  // Of a breakdown only one part may be left: it is named all the same.
  const alone = series.length === 1 && series[0]?.name === null;
  const colours = shades(ink, series.length);
  const bars = series.map((one, k) => ({
    type: "bar" as const,
    name: one.name ?? "reached",
    ...(alone ? { stack: "all" } : {}),
    barMaxWidth: 26,
    itemStyle: { color: colours[k], borderRadius: 3 },
    emphasis: { disabled: true },
    cursor: "pointer",
    label: { show: !(alone && narrow), position: alone ? ("insideLeft" as const) : ("right" as const), ...text, fontWeight: 600 as const, color: alone ? ink.surface : ink.ink, formatter: ({ dataIndex }: { dataIndex: number }) => labelOf(one.steps[dataIndex], alone ? 0.3 : 0) },
    // Beside each other the numbers stand in a column of their own, clear of the marks of what is likely.
    ...(alone ? {} : { labelLayout: { x: "100%", dx: -96, align: "left" as const } }),
    data: one.steps.map((step) => step.from_first ?? 0),
  }));
  const lost = {
    type: "bar" as const,
    name: "stopped before",
    stack: "all",
    barMaxWidth: 26,
    cursor: "pointer",
    emphasis: { disabled: true },
    itemStyle: { color: ink.line, borderRadius: 3 },
    label: { show: !narrow, position: "insideLeft" as const, ...text, color: ink.ink, formatter: ({ dataIndex }: { dataIndex: number }) => lostLabel(steps, dataIndex) },
    labelLayout: ({ dataIndex = 0, rect }: { dataIndex?: number; rect: Box }) => ({ x: clearOf(steps, dataIndex, rect), y: rect.y + rect.height / 2, verticalAlign: "middle" as const }),
    data: steps.map((step, k) => Math.max(0, (neededBefore(steps, k)?.from_first ?? 0) - (step.from_first ?? 0))),
  };
  const ends = series.map((one, k) => ({
    type: "custom" as const,
    silent: true,
    z: 5,
    tooltip: { show: false },
    renderItem: whisker(ink.ink, ink.surface, alone ? BAND : (k - (series.length - 1) / 2) * (0.8 / series.length)),
    encode: { x: [0, 1], y: 2 },
    data: one.steps.flatMap((step, row) => (row && step.interval ? [[...step.interval, row]] : [])),
  }));
  return {
    ...plain(ink),
    grid: { left: 8, right: alone ? (narrow ? 16 : 64) : 110, top: alone ? 4 : 34, bottom: 6, containLabel: true },
    ...(alone ? {} : { legend: { top: 0, left: 0, icon: "roundRect", textStyle: text, selectedMode: false as const, data: series.map((one) => one.name ?? "reached") } }),
    xAxis: { type: "value" as const, min: 0, max: 1, ...(narrow ? { interval: 0.5 } : {}), position: "top" as const, axisLabel: { ...text, formatter: (value: number) => percent(value) }, splitLine: { lineStyle: { color: ink.line } }, ...(alone ? {} : { position: "bottom" as const }) },
    yAxis: {
      type: "category" as const,
      inverse: true,
      data: steps.map((step) => (step.optional ? `(${step.name})` : step.name)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: ink.line } },
      axisLabel: { ...text, color: ink.ink, width: narrow ? 130 : 170, overflow: "truncate" as const, ...(alone && narrow ? { formatter: (name: string, k: number) => `${name}\n${labelOf(steps[k], 0)}`, lineHeight: 16 } : {}) },
    },
    series: [...bars, ...(alone ? [lost] : []), ...ends],
  };
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const CLEAR = 10;

/** Where the words of a bar of lost people begin: right of the mark of what is likely. */
function clearOf(steps: readonly FunnelStep[], k: number, { x, width }: Pick<Box, "x" | "width">): number {
  const [reached, before] = [steps[k]?.from_first ?? 0, neededBefore(steps, k)?.from_first ?? 0];
  const high = steps[k]?.interval?.[1] ?? reached;
  return before > reached ? x + ((high - reached) / (before - reached)) * width + CLEAR : x;
}

function labelOf(step: FunnelStep | undefined, least: number): string {
  if (!step || (step.from_first ?? 0) < least) return "";
  return `${count(step.entities)} · ${percent(step.from_first ?? 0)}`;
}

function lostLabel(steps: readonly FunnelStep[], k: number): string {
  const [step, before] = [steps[k], neededBefore(steps, k)];
  if (!step || !before || before.entities === step.entities) return "";
  const short = (step.from_first ?? 0) < 0.3 ? `${labelOf(step, 0)} ${step.optional ? "take" : "reach"} it, ` : "";
  return `${short}${count(before.entities - step.entities)} ${step.optional ? "do not" : "stop"}`;
}
