/** Money per person by the time since they began: a curve and its band for each cohort, and the line of the cost. */

import type { CohortAge } from "@/api/types.ts";
import { axisText, plain } from "@/charts/option.ts";
import type { Palette } from "@/charts/palette.ts";
import { money } from "@/lib/format.ts";
import { until } from "@/stages/measure/cohorts/cohort-words.ts";
import { type Counted, ownersOf } from "@/stages/measure/funnel-counted.ts";

export const MONEY_HEIGHT = 340;
/** With more curves than these their bands would cover each other. */
export const MOST_BANDS = 3;
const SYMBOLS = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect", "emptyTriangle", "emptyDiamond"];

export interface MoneyCurve {
  readonly name: string;
  readonly ages: readonly CohortAge[];
  readonly cost: number | null;
}

export interface MoneyPicture {
  readonly curves: readonly MoneyCurve[];
  readonly period: string;
  readonly currency: string;
  readonly counted: Counted;
}

export function moneyOption({ curves, period, currency, counted }: MoneyPicture, ink: Palette) {
  const owners = ownersOf(counted);
  const text = axisText(ink);
  const longest = Math.max(0, ...curves.map((one) => one.ages.length));
  const said = new Map(curves.map((one): [string, MoneyCurve] => [one.name, one]));
  return {
    ...plain(ink),
    grid: { left: 8, right: 24, top: curves.length > 1 ? 40 : 14, bottom: 28, containLabel: true },
    ...(curves.length > 1 ? { legend: { top: 0, left: 0, textStyle: text, type: "scroll" as const, selectedMode: false as const, data: curves.map((one) => one.name) } } : {}),
    tooltip: {
      trigger: "item" as const,
      renderMode: "richText" as const,
      formatter: ({ seriesName, dataIndex }: { seriesName: string; dataIndex: number }) => {
        const at = said.get(seriesName)?.ages[dataIndex];
        if (at?.per_entity == null) return "";
        const range = at.interval ? `\nlikely ${money(at.interval[0], currency)} to ${money(at.interval[1], currency)}` : "";
        return `${seriesName}\nwithin ${until(at.age, period)}: ${money(at.per_entity, currency)} ${owners.a}${range}`;
      },
    },
    xAxis: { type: "category" as const, data: Array.from({ length: longest }, (_, k) => String(k + 1)), name: `${period}s since each one began`, nameLocation: "middle" as const, nameGap: 26, nameTextStyle: text, axisLabel: text, axisTick: { show: false }, axisLine: { lineStyle: { color: ink.line } } },
    yAxis: { type: "value" as const, axisLabel: { ...text, formatter: (value: number) => money(value, currency) }, splitLine: { lineStyle: { color: ink.line } } },
    series: [...(curves.length <= MOST_BANDS ? curves.flatMap((one, k) => band(one, k, ink)) : []), ...curves.map((one, k) => curve(one, k, ink)), ...costs(curves, longest, ink)],
  };
}

const colour = (k: number, ink: Palette) => (k % 2 === 0 ? ink.accent : ink.soft);

function curve({ name, ages }: MoneyCurve, k: number, ink: Palette) {
  return {
    type: "line" as const,
    name,
    symbol: SYMBOLS[k % SYMBOLS.length],
    symbolSize: 7,
    color: colour(k, ink),
    lineStyle: { width: 2, type: k < 2 ? ("solid" as const) : ("dashed" as const) },
    data: ages.map((at) => at.per_entity ?? "-"),
  };
}

/** Two lines on top of each other, the space between them filled. */
function band({ name, ages }: MoneyCurve, k: number, ink: Palette) {
  const shared = { type: "line" as const, stack: `band ${name}`, symbol: "none", silent: true, lineStyle: { opacity: 0 }, tooltip: { show: false } };
  return [
    { ...shared, name: `${name} low`, data: ages.map((at) => at.interval?.[0] ?? "-") },
    { ...shared, name: `${name} high`, areaStyle: { color: colour(k, ink), opacity: 0.14 }, data: ages.map((at) => (at.interval ? at.interval[1] - at.interval[0] : "-")) },
  ];
}

/** What winning one cost: a level line for every different cost. */
function costs(curves: readonly MoneyCurve[], longest: number, ink: Palette) {
  const levels = [...new Set(curves.map((one) => one.cost).filter((one) => one !== null))];
  return levels.slice(0, MOST_BANDS).map((cost) => ({
    type: "line" as const,
    name: `cost ${cost}`,
    symbol: "none",
    silent: true,
    color: ink.ink,
    lineStyle: { width: 1, type: "dotted" as const },
    endLabel: { show: true, formatter: "cost", color: ink.ink, offset: [-34, -8] },
    data: Array.from({ length: longest }, () => cost),
  }));
}
