/** What an answer says, in a sentence or two: the finding, the number, the doubt. */

import type { Edge, Funnel, FunnelDiff, FunnelStep, Lifecycle, LifecycleDiff, Retention, RetentionDiff, Sessions, SessionsDiff, Transitions, TransitionsDiff } from "@/api/types.ts";
import { count, day, duration, percent } from "@/lib/format.ts";
import { arePeople, type Counted, many, onBoth, ownersOf, PEOPLE, wordsOf } from "@/stages/measure/funnel-counted.ts";
import { pooled } from "@/stages/measure/pooled.ts";

/** "likely 50 to 58 %", or nothing where there is no interval. */
export function likelyShare(interval: readonly [number, number] | null): string {
  if (!interval) return "too few to say how sure";
  const [low, high] = interval.map((one) => percent(one));
  return low === high ? `likely ${low}` : `likely ${low?.replace(/\s?%/u, "")} to ${high}`;
}

export function funnelSentence({ steps }: Funnel, counted: Counted = PEOPLE): string {
  const [first, last] = [steps[0], steps.at(-1)];
  if (!first || !last) return "";
  const every = many(first.entities, counted);
  if (first.entities === 0) return `${arePeople(counted) ? ownersOf(counted).nobody : "None"} in this selection takes ${first.name}.`;
  if (steps.length === 1) return `${every} ${first.entities === 1 ? "takes" : "take"} ${first.name}. Add the step that should follow.`;
  const which = counted.each ? `${every} that begin with` : `${every} ${arePeople(counted) && !counted.entity ? "who" : "that"} take`;
  const reach = `Of ${which} ${first.name}, ${count(last.entities)} reach ${last.name}: ${percent(last.from_first ?? 0)} (${likelyShare(last.interval)}).`;
  const worst = dearestStep(steps);
  const stop = worst && steps.length > 2 ? ` More stop before ${worst.step.name} than before any other step: ${count(worst.lost)} of ${count(worst.before)}.` : "";
  return reach + stop + timeSentence(last);
}

function timeSentence({ entities, median_seconds, survival }: FunnelStep): string {
  if (survival) return survival.median_seconds === null ? " Fewer than half are expected to get there in the time that was seen." : ` Half of all need no more than ${duration(survival.median_seconds)}.`;
  return median_seconds != null && entities > 0 ? ` Half of those who get there need no more than ${duration(median_seconds)}.` : "";
}

/** Who was seen to get there, and who was not (yet). */
export function censoredSentence({ name, survival }: FunnelStep, line: string, counted: Counted): string {
  if (!survival) return "";
  const of = line === name ? name : `${line}, ${name}`;
  const over = survival.over ? `, ${count(survival.over)} ended without it` : "";
  return `${of}: ${many(survival.reached, counted)} were seen to get there${over}, ${count(survival.censored)} had not when the data ended.`;
}

/** The last step before one that must be taken; the first for itself. */
export function neededBefore(steps: readonly FunnelStep[], k: number): FunnelStep | undefined {
  return steps.slice(0, k).findLast((step) => !step.optional) ?? steps[0];
}

/** The step before which most people stop, of those that must be taken. */
export function dearestStep(steps: readonly FunnelStep[]): { readonly step: FunnelStep; readonly lost: number; readonly before: number } | null {
  const rows = steps.flatMap((step, k) => {
    const before = neededBefore(steps, k)?.entities ?? 0;
    return k === 0 || step.optional ? [] : [{ step, before, lost: before - step.entities }];
  });
  const worst = rows.reduce<(typeof rows)[number] | null>((most, row) => (row.lost > (most?.lost ?? 0) ? row : most), null);
  return worst;
}

export function funnelDiffSentence({ a, b, steps, shared }: FunnelDiff, counted: Counted = PEOPLE): string {
  const last = steps.at(-1);
  if (!last) return "";
  const [from, to] = [a.steps.at(-1), b.steps.at(-1)];
  const both = onBoth(shared, counted);
  if (steps.length < 2) return `${many(a.steps[0]?.entities ?? 0, counted)} in A and ${many(b.steps[0]?.entities ?? 0, counted)} in B take ${last.name}. Add the step that should follow.`;
  return `${percent(from?.from_first ?? 0)} of A and ${percent(to?.from_first ?? 0)} of B reach ${last.name}. ${last.from_first.words}${both}`;
}

export function flowSentence({ entities, edges }: Transitions, counted: Counted = PEOPLE): string {
  if (edges.length === 0) return `${ownersOf(counted).nobody} in this selection goes from one event to another.`;
  const moves = edges.reduce((sum, edge) => sum + edge.count, 0);
  const [top] = commonest(edges);
  if (!top) return "";
  const again = top.from === top.to ? `${top.from} again` : `from ${top.from} to ${top.to}`;
  return `${many(entities, counted)} make ${count(moves)} moves. Most often they go ${again}: ${count(top.count)} times, ${percent(top.count / moves)} of all.`;
}

/** The clearest difference, how many there are, and the doubt. */
export function flowDiffSentence({ a, b, edges, rate, shared }: TransitionsDiff, counted: Counted = PEOPLE): string {
  if (edges.length === 0) return `${ownersOf(counted).nobody} on either side goes from one event to another.`;
  const told = edges.filter(({ share }) => share.q != null && share.q <= rate && share.interval !== null && (share.interval[0] > 0 || share.interval[1] < 0));
  const both = onBoth(shared, counted);
  const known = edges.filter(({ share }) => share.q != null).length;
  if (known === 0) return `Too few ${wordsOf(counted).many} on one side to compare where ${count(a.entities)} in A and ${count(b.entities)} in B go.${both}`;
  // Two moves from one event often differ by the same points: the one that more people make says more.
  const points = ({ share }: TransitionsDiff["edges"][number]) => Math.round(Math.abs(share.difference ?? 0) * 100);
  const [top] = [...told].sort((x, y) => points(y) - points(x) || y.count_a + y.count_b - x.count_a - x.count_b);
  if (!top) return `A and B cannot be told apart by where they go next: none of ${count(known)} moves differs by more than chance.${both}`;
  const move = top.from === top.to ? `come to ${top.from} again` : `go on to ${top.to}`;
  const others = told.length > 1 ? ` ${count(told.length - 1)} more of ${count(known)} moves ${told.length > 2 ? "differ" : "differs"}.` : ` No other of ${count(known)} moves differs by more than chance.`;
  return `After ${top.from}, ${shareOf(top.share.a)} of A and ${shareOf(top.share.b)} of B ${move}. ${top.share.words}${others}${both}`;
}

/** Moves, the commonest first. */
export function commonest(edges: readonly Edge[]): readonly Edge[] {
  return [...edges].sort((a, b) => b.count - a.count || a.from.localeCompare(b.from) || a.to.localeCompare(b.to));
}

export function retentionSentence({ cohorts }: Retention, period: string, recurring = false, counted: Counted = PEOPLE): string {
  const size = cohorts.reduce((sum, one) => sum + one.size, 0);
  if (size === 0) return `${ownersOf(counted).nobody} in this selection began.`;
  const next = pooled(cohorts)[1];
  if (!next) return `${recurring ? `${count(size)} times ${counted.entity ? ownersOf(counted).a : "somebody"}` : many(size, counted)} began. No ${period} after it is over yet: choose a shorter one, or come back later.`;
  const later = pooled(cohorts).at(-1);
  const end = later && later.k > 1 ? ` After ${later.k} ${period}s it is ${percent(later.came / later.size)} of those seen so long.` : "";
  // Whoever begins in several periods is in as many cohorts: what is counted are beginnings, not people.
  if (recurring) return `Of ${count(next.size)} times that ${counted.entity ? ownersOf(counted).a : "somebody"} began in a ${period}, ${percent(next.came / next.size)} are followed by a return in the next ${period}.${end}`;
  return `Of ${many(next.size, counted)} whose next ${period} is over, ${percent(next.came / next.size)} come back in it.${end}`;
}

export function retentionDiffSentence({ periods, shared }: RetentionDiff, period: string, counted: Counted = PEOPLE): string {
  const [next] = periods;
  if (!next) return `No ${period} after the first is over on both sides yet.`;
  const both = onBoth(shared, counted);
  return `${shareOf(next.share.a)} of A and ${shareOf(next.share.b)} of B come back in the next ${period}. ${next.share.words}${both}`;
}

function shareOf(share: number | null): string {
  return share === null ? "Nobody" : percent(share);
}

export function sessionsSentence(answer: Sessions, counted: Counted = PEOPLE): string {
  if (answer.sessions === 0) return `${ownersOf(counted).nobody} in this selection has a session.`;
  const middle = answer.median_seconds === null || answer.median_events === null ? "" : ` The middle one has ${count(answer.median_events)} events and takes ${duration(answer.median_seconds)}.`;
  return `${many(answer.entities, counted)} have ${count(answer.sessions)} sessions, ${count(answer.sessions / answer.entities)} each.${middle}`;
}

export function sessionsDiffSentence({ per_entity, seconds, shared }: SessionsDiff, counted: Counted = PEOPLE): string {
  const both = onBoth(shared, counted);
  const owners = ownersOf(counted);
  const alike = [per_entity, seconds].every((one) => one.interval !== null && one.interval[0] <= 0 && one.interval[1] >= 0);
  if (alike) return `A and B cannot be told apart, neither by how many sessions ${owners.many} have nor by how long these are.${both}`;
  return `Sessions of ${owners.a}: ${lower(per_entity.words)} Length of a session: ${lower(seconds.words)}${both}`;
}

function lower(words: string): string {
  return words.startsWith("B ") || words.startsWith("A ") ? words : words.charAt(0).toLowerCase() + words.slice(1);
}

/** The last period that is over: how many were there, of what kind, and who stayed. */
export function lifecycleSentence({ periods, period }: Lifecycle, timezone: string, counted: Counted = PEOPLE): string {
  const last = [...periods].reverse().find((one) => one.dormant !== null) ?? periods.at(-1);
  if (!last) return `${ownersOf(counted).nobody} in this selection is ever there.`;
  const there = last.new + last.returning + last.resurrecting;
  const when = `In the ${period} of ${day(last.start, timezone)} ${many(there, counted)} ${there === 1 ? "was" : "were"} there`;
  const kinds = there > 0 ? `: ${count(last.new)} new, ${count(last.returning)} there again, ${count(last.resurrecting)} back after a gap.` : ".";
  if (last.dormant === null) return `${when}${kinds} It is not over yet.`;
  if (last.stayed === null) return when + kinds;
  return `${when}${kinds} ${percent(last.stayed)} of those there the ${period} before stayed (${likelyShare(last.interval)}).`;
}

export function lifecycleDiffSentence({ stayed }: LifecycleDiff, period: string): string {
  if (stayed.a === null || stayed.b === null) return `No ${period} after another is over on both sides yet.`;
  return `Of those there in one ${period}, ${percent(stayed.a)} of A and ${percent(stayed.b)} of B are there in the next. ${stayed.words}`;
}
