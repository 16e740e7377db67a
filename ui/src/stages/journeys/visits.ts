/** Moments of a timeline put together into visits, in the order in which they are shown. */

import type { Moment } from "@/api/types.ts";
import { type Mark, marksBetween, type Released } from "@/lib/marks.ts";

export interface Visit {
  readonly key: string;
  /** Null for what stands beside visits: a decision, an event that waits. */
  readonly visit: number | null;
  readonly moments: readonly Moment[];
}

/** Neighbours of one visit of one person become a group. */
export function visitsOf(moments: readonly Moment[]): readonly Visit[] {
  const found: { key: string; visit: number | null; moments: Moment[] }[] = [];
  for (const moment of moments) {
    const last = found.at(-1);
    if (last && last.visit !== null && last.visit === moment.visit) last.moments.push(moment);
    else found.push({ key: moment.key, visit: moment.visit, moments: [moment] });
  }
  return found;
}

/** What an event said that is not said of the person anyway; where it is from stands apart. */
export function saidHere(moment: Moment, traits: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(moment.properties).filter(([name, value]) => value !== "" && traits[name] !== value && !(name === "source" && value === moment.source));
}

/** What all of these people have alike: said once in the head, not at every event. */
export function alike(people: readonly { readonly traits: Readonly<Record<string, string>> }[]): Readonly<Record<string, string>> {
  const [first, ...others] = people;
  if (!first) return {};
  return Object.fromEntries(Object.entries(first.traits).filter(([name, value]) => others.every((one) => one.traits[name] === value)));
}

/** What all events of a visit say alike, where it is more than one: said once in its head. */
export function alikeIn({ moments }: Visit): Readonly<Record<string, string>> {
  return moments.length > 1 ? alike(moments.map(({ properties }) => ({ traits: properties }))) : {};
}

/** The same in words, without what is said of the person anyway. */
export function visitSaid(visit: Visit, traits: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(alikeIn(visit)).flatMap(([name, value]) => (value !== "" && traits[name] !== value ? [`${name} ${value}`] : []));
}

/** The marks between a visit and the one above it, the newest first; none above the uppermost, which may not be the latest. */
export function marksAbove(visits: readonly Visit[], k: number, releases: readonly Released[]): readonly Mark[] {
  const [own, above] = [visits[k]?.moments[0]?.time, visits[k - 1]?.moments[0]?.time];
  return own && above ? [...marksBetween(releases, own, above)].reverse() : [];
}
