/** The price of every arrow as points with their intervals, dearest first. */

import type { CustomSeriesRenderItem } from "echarts/types/dist/shared";
import { useComputedColorScheme } from "@mantine/core";
import { useMemo } from "react";
import type { MapDocument, Price } from "@/api/types.ts";
import { namesOf } from "@/charts/download.ts";
import { Chart, chartSvg } from "@/charts/echart.tsx";
import { type Palette, palette } from "@/charts/palette.ts";
import { aboutMoney, likely, money } from "@/lib/format.ts";
import { EmptyState } from "@/ui/states.tsx";
import { dearestFirst } from "@/stages/value/price-table.tsx";

const ROW = 30;
const FOOT = 44;

interface PriceChartProps {
  readonly price: Price;
  readonly document: MapDocument;
}

const whisker =
  (colour: string): CustomSeriesRenderItem =>
  (_, api) => {
    const [low, high] = [api.coord([api.value(0), api.value(2)]), api.coord([api.value(1), api.value(2)])];
    const shape = { x1: low[0] ?? 0, y1: low[1] ?? 0, x2: high[0] ?? 0, y2: high[1] ?? 0 };
    return { type: "line", shape, style: { stroke: colour, lineWidth: 7, lineCap: "round" } };
  };

/** How tall the chart is for so many arrows. */
export function chartHeight(price: Price): number {
  return priced(price).length * ROW + FOOT;
}

function priced(price: Price) {
  return dearestFirst(price.arrows).filter((arrow) => arrow.per_month !== null);
}

/** The chart's options: one row an arrow, a point for the price, a bar for what is likely. */
export function priceOption(price: Price, document: MapDocument, ink: Palette) {
  const rows = priced(price);
  const name = namesOf(document);
  const label = (k: number) => {
    const arrow = rows[k];
    return arrow ? `${name(arrow.from)} ${arrow.from === arrow.to ? "again" : `→ ${name(arrow.to)}`}` : "";
  };
  const text = { color: ink.soft, fontFamily: "Inter Variable, system-ui, sans-serif", fontSize: 12 };
  return {
    animation: false,
    textStyle: { fontFamily: text.fontFamily },
    grid: { left: 8, right: 24, top: 4, bottom: 8, containLabel: true },
    tooltip: {
      trigger: "item",
      renderMode: "richText",
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const arrow = rows[dataIndex];
        if (!arrow || arrow.per_month === null) return "";
        const range = arrow.per_month_interval ? `\n${likely(arrow.per_month_interval, (value) => money(value, price.currency))}` : "";
        return `${label(dataIndex)}\nabout ${aboutMoney(arrow.per_month, price.currency)} a month${range}`;
      },
    },
    xAxis: { type: "value", position: "top", axisLabel: { ...text, formatter: (value: number) => aboutMoney(value, price.currency) }, splitLine: { lineStyle: { color: ink.line } } },
    yAxis: { type: "category", inverse: true, data: rows.map((_, k) => label(k)), axisLabel: { ...text, color: ink.ink }, axisTick: { show: false }, axisLine: { lineStyle: { color: ink.line } } },
    series: [
      { type: "custom", renderItem: whisker(ink.accentLine), encode: { x: [0, 1], y: 2 }, data: rows.flatMap((arrow, k) => (arrow.per_month_interval ? [[...arrow.per_month_interval, k]] : [])) },
      { type: "scatter", symbolSize: 9, itemStyle: { color: ink.accent }, data: rows.map((arrow, k) => [arrow.per_month, k]) },
    ],
  };
}

const FILE_WIDTH = 960;

/** The chart as SVG text, to be saved. */
export function priceDrawing(price: Price, document: MapDocument): { svg: string; width: number; height: number } {
  const size = { width: FILE_WIDTH, height: chartHeight(price) };
  const ink = palette();
  return { svg: chartSvg({ ...priceOption(price, document, ink), backgroundColor: ink.surface }, size), ...size };
}

export function PriceChart({ price, document }: PriceChartProps) {
  const scheme = useComputedColorScheme("light");
  const option = useMemo(() => ({ scheme, made: priceOption(price, document, palette()) }).made, [price, document, scheme]);
  if (priced(price).length === 0) return <EmptyState title="Nothing to draw" text="No arrow has a price. The table shows how many people take each, and how long it takes them." />;
  return <Chart option={option} height={chartHeight(price)} label="What one point of each arrow is worth a month, with what is likely. The same as a table: key T." />;
}
