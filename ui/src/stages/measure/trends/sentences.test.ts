import { expect, test } from "vitest";
import type { Stickiness, StickinessLevel, Trend, TrendPoint, Trends } from "@/api/types.ts";
import { PEOPLE } from "@/stages/measure/funnel-counted.ts";
import { linesOf } from "@/stages/measure/trends/lines.ts";
import { stickinessSentence, trendsSentence } from "@/stages/measure/trends/sentences.ts";
import { trendsOption } from "@/stages/measure/trends/trends-chart.ts";
import type { Palette } from "@/charts/palette.ts";

const rest = { excluded: {}, as_of: { snapshot: "1", seq: 1 } };
const counts = (events: number, entities: number) => ({ events, entities, per_entity: entities ? events / entities : null, interval: null, why: "too few", amounts: null, overlap: null });
const point = (start: string, events: number, more: Partial<TrendPoint> = {}): TrendPoint => ({ start, ...counts(events, events), over: true, cut: false, ...more });
const series = (step: string, ...points: TrendPoint[]): Trend => ({ step, points, whole: counts(points.reduce((sum, one) => sum + one.events, 0), 3), by: null });
const trends = (...all: Trend[]): Trends => ({ ...rest, period: "week", series: all, number: null, currency: null });
const level = (periods: number, entities: number, at_least: number): StickinessLevel => ({ periods, entities, at_least, share: at_least / 10, interval: null, why: "too few" });

const MONDAYS = ["2026-03-02", "2026-03-09", "2026-03-16"].map((one) => `${one}T00:00:00Z`);
const [first = "", second = "", third = ""] = MONDAYS;

test("trends speak of the last whole week, never of one that is not over", () => {
  const answer = trends(series("cart", point(first, 40), point(second, 50), point(third, 3, { over: false })));
  expect(trendsSentence(answer, "UTC")).toBe("cart happens 93 times to 3 people. In the last whole week, from Mar\u00a09,\u00a02026, 50 times, after 40 times in the one before.");
  expect(trendsSentence(trends(series("cart", point(third, 1, { over: false }))), "UTC")).toBe("cart happens once to 3 people. No week of it is whole yet.");
  expect(trendsSentence(trends(), "UTC")).toBe("Nothing of this happens in this selection.");
});

test("a period that is not over is drawn by a line of its own", () => {
  const answer = trends(series("cart", point(first, 40), point(second, 50), point(third, 3, { over: false })));
  const ground = { question: "trends", asked: {}, selection: {} } as unknown as Parameters<typeof linesOf>[1];
  const ink: Palette = { accent: "1", accentLine: "2", ink: "3", soft: "4", line: "5", surface: "6", less: "7", lessLine: "8" };
  const drawing = { lines: linesOf(answer, ground), show: "events" as const, period: "week", timezone: "UTC", currency: null, marks: [], counted: PEOPLE };
  const { series: drawn } = trendsOption(drawing, ink);
  expect(drawn[0]?.data.map((one) => (one as (number | null)[])[1])).toEqual([40, 50, null]);
  expect(drawn[1]?.data.map((one) => (one as { value: (number | null)[] }).value[1])).toEqual([null, 50, 3]);
  // A mark in the last period still has its place on the axis, and one line carries the marks.
  const released = { n: 1, name: "new checkout", time: "2026-03-18T00:00:00Z", note: "" };
  const marked = trendsOption({ ...drawing, marks: [released] }, ink);
  expect(marked.xAxis.max).toBe(Date.parse(released.time));
  expect(marked.series.filter((one) => "markLine" in one).length).toBe(1);
});

test("stickiness says on how many days people are active", () => {
  const answer: Stickiness = { ...rest, period: "day", periods: 30, whole: true, entities: 10, mean: 2.5, mean_interval: null, why: "too few", levels: [level(1, 6, 10), level(2, 4, 4)], by: null, overlap: null };
  expect(stickinessSentence(answer)).toBe("Who is active is so on 2.5 of 30 days on average. 4 of 10 people are there on two or more: 40% (too few to say how sure).");
  expect(stickinessSentence({ ...answer, whole: false })).toContain("Not every day is whole");
});
