/** What trends and stickiness say, in a sentence or two. */

import type { Stickiness, StickinessDiff, Trends, TrendsDiff } from "@/api/types.ts";
import { count, day, likely, money, percent } from "@/lib/format.ts";
import { type Counted, many, onBoth, ownersOf, PEOPLE } from "@/stages/measure/funnel-counted.ts";
import { likelyShare } from "@/stages/measure/sentences.ts";
import { isWhole } from "@/stages/measure/trends/lines.ts";

const times = (n: number) => (n === 1 ? "once" : `${count(n)} times`);
const two = (n: number) => (Number.isNaN(n) ? "left out" : n.toLocaleString(undefined, { maximumFractionDigits: 2 }));

export function trendsSentence({ series, period, currency }: Trends, timezone: string, counted: Counted = PEOPLE): string {
  const [first] = [...series].sort((a, b) => b.whole.events - a.whole.events);
  if (!first || first.whole.events === 0) return "Nothing of this happens in this selection.";
  const { whole, points, step } = first;
  const most = series.length > 1 ? `Of ${count(series.length)} lines ${step} has most: it` : step === "any event" ? "Something" : step;
  const [last, before] = points.filter(isWhole).slice(-2).reverse();
  const now = last ? ` In the last whole ${period}, from ${day(last.start, timezone)}, ${times(last.events)}${before ? `, after ${times(before.events)} in the one before` : ""}.` : ` No ${period} of it is whole yet.`;
  const amount = (value: number) => (currency ? money(value, currency) : count(value));
  const sum = whole.amounts?.events === 0 ? " No event of it carries such a number." : whole.amounts ? ` Together ${amount(whole.amounts.sum)}${whole.amounts.mean != null ? `, ${amount(whole.amounts.mean)} each` : ""}.` : "";
  return `${most} happens ${times(whole.events)} to ${many(whole.entities, counted)}.${now}${sum}`;
}

export function trendsDiffSentence({ series, shared }: TrendsDiff, period: string, counted: Counted = PEOPLE): string {
  const [first] = series;
  if (!first) return "One side has no such events.";
  const told = first.mean ?? first.per_entity;
  const what = first.mean ? "Mean" : `Events of ${ownersOf(counted).a}`;
  const whose = first.step === "any event" ? "Events" : `${first.step}, events`;
  return `${whose} of a whole ${period}: ${first.per_period.words} ${what}: ${told.words}${onBoth(shared, counted)}`;
}

export function stickinessSentence({ entities, mean, mean_interval, periods, period, levels, whole }: Stickiness, counted: Counted = PEOPLE): string {
  if (entities === 0 || mean === null) return `${ownersOf(counted).nobody} in this selection is active.`;
  const sure = mean_interval ? ` (${likely(mean_interval, two)})` : "";
  const more = levels[1];
  const again = more ? ` ${count(more.at_least)} of ${many(entities, counted)} are there on two or more: ${percent(more.share)} (${likelyShare(more.interval)}).` : "";
  const open = whole ? "" : ` Not every ${period} is whole, so it may become more.`;
  return `${counted.entity ? `${ownersOf(counted).a.replace(/^a/u, "A")} that` : "Who"} is active is so on ${two(mean)} of ${count(periods)} ${period}s on average${sure}.${again}${open}`;
}

export function stickinessDiffSentence({ a, b, mean, shared }: StickinessDiff, counted: Counted = PEOPLE): string {
  const side = (one: Stickiness) => (one.mean === null ? `${ownersOf(counted).nobody.toLowerCase()} is active` : `${two(one.mean)} of ${count(one.periods)} ${one.period}s`);
  return `On average ${side(a)} in A and ${side(b)} in B. ${mean.words}${onBoth(shared, counted)}`;
}
