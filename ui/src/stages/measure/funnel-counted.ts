/** What a funnel counts, and its words: people, sessions or values of a property, or every attempt of theirs. */

import type { Asked } from "@/api/explore.ts";
import { count } from "@/lib/format.ts";

/** Where all steps of an attempt must lie: anywhere in a journey, in one session, at one value of a property. */
export type Inside = "journey" | "session" | "value";

export interface Counted {
  readonly inside: Inside;
  /** Whether every attempt counts, not the best one of each. */
  readonly each: boolean;
  readonly property: string;
}

export const PEOPLE: Counted = { inside: "journey", each: false, property: "" };

export function countedOf(asked: Pick<Asked, "count" | "of" | "holding">): Counted {
  const property = asked.holding ?? /^session\(id=(.*)\)$/su.exec(asked.of ?? "")?.[1] ?? "";
  const inside = property ? "value" : asked.of?.startsWith("session") ? "session" : "journey";
  return { inside, each: asked.count === "occurrences", property };
}

export function arePeople({ inside, each }: Counted): boolean {
  return inside === "journey" && !each;
}

/** What one of them is called, and several. */
export function wordsOf({ inside, each, property }: Counted): { readonly one: string; readonly many: string } {
  if (each) return { one: "attempt", many: "attempts" };
  if (inside === "session") return { one: "session", many: "sessions" };
  return inside === "value" ? { one: `value of ${property}`, many: `values of ${property}` } : { one: "person", many: "people" };
}

/** So many of them: "1 person", "200 attempts". */
export function many(n: number, counted: Counted): string {
  const words = wordsOf(counted);
  return `${count(n)} ${n === 1 ? words.one : words.many}`;
}
