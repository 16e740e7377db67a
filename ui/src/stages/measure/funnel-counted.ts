/** What an answer counts, and its words: people or entities, sessions or values of a property, or every attempt of theirs. */

import { type Asked, useExplore } from "@/api/explore.ts";
import { count } from "@/lib/format.ts";
import { entityOf, pluralOf } from "@/lib/units.ts";

/** Where all steps of an attempt must lie: anywhere in a journey, in one session, at one value of a property. */
export type Inside = "journey" | "session" | "value";

export interface Counted {
  readonly inside: Inside;
  /** Whether every attempt counts, not the best one of each. */
  readonly each: boolean;
  readonly property: string;
  /** Whose journeys they are where these are not people's. */
  readonly entity: string | null;
}

export const PEOPLE: Counted = { inside: "journey", each: false, property: "", entity: null };

export function countedOf(asked: Pick<Asked, "count" | "of" | "holding">): Counted {
  const property = asked.holding ?? /^session\(id=(.*)\)$/su.exec(asked.of ?? "")?.[1] ?? "";
  const inside = property ? "value" : asked.of?.startsWith("session") ? "session" : "journey";
  return { inside, each: asked.count === "occurrences", property, entity: entityOf(asked.of) };
}

/** What a question about whole journeys counts. */
export function wholeOf(of: string | null): Counted {
  return { ...PEOPLE, entity: entityOf(of) };
}

/** The same of the question in the address. */
export function useWhole(): Counted {
  return wholeOf(useExplore().asked.of);
}

/** Whether whole journeys are counted, so that a list of whose they are has as many rows. */
export function arePeople({ inside, each }: Counted): boolean {
  return inside === "journey" && !each;
}

/** What one of them is called, and several. */
export function wordsOf({ inside, each, property, entity }: Counted): { readonly one: string; readonly many: string } {
  if (each) return { one: "attempt", many: "attempts" };
  if (inside === "session") return { one: "session", many: "sessions" };
  if (inside === "value") return { one: `value of ${property}`, many: `values of ${property}` };
  return entity ? { one: entity, many: pluralOf(entity) } : { one: "person", many: "people" };
}

interface Owners {
  /** "person", "account". */
  readonly one: string;
  /** "a person", "an account". */
  readonly a: string;
  /** "people", "accounts". */
  readonly many: string;
  /** "People", "Accounts": the head of a column, or how a title begins. */
  readonly name: string;
  /** "People who", "Accounts that": how a title begins. */
  readonly who: string;
  readonly nobody: string;
  readonly everybody: string;
}

/** Whose journeys they are, in the forms that sentences, heads and titles take. */
export function ownersOf({ entity }: Pick<Counted, "entity">): Owners {
  if (!entity) return { one: "person", a: "a person", many: "people", name: "People", who: "People who", nobody: "Nobody", everybody: "Everybody" };
  const name = pluralOf(entity);
  const capital = name.charAt(0).toUpperCase() + name.slice(1);
  return { one: entity, a: `${/^[aeiou]/u.test(entity) ? "an" : "a"} ${entity}`, many: name, name: capital, who: `${capital} that`, nobody: "None", everybody: `All ${name}` };
}

/** So many of them: "1 person", "200 attempts". */
export function many(n: number, counted: Counted): string {
  const words = wordsOf(counted);
  return `${count(n)} ${n === 1 ? words.one : words.many}`;
}

/** So many of those whose journeys they are, whatever of these is counted: "200 people", "1 account". */
export function manyOwners(n: number, { entity }: Pick<Counted, "entity">): string {
  return many(n, { ...PEOPLE, entity });
}

/** How many of them stand in A and in B; nothing where none does. */
export function onBoth(shared: number, counted: Pick<Counted, "entity">): string {
  return shared > 0 ? ` ${manyOwners(shared, counted)} stand on both sides.` : "";
}
