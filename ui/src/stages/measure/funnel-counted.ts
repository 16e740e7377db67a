/** What a funnel counts, and its words: people, every attempt, or sessions. */

import type { Asked } from "@/api/explore.ts";
import { count } from "@/lib/format.ts";

export const COUNTED = [
  { value: "", label: "people" },
  { value: "occurrences", label: "every attempt" },
  { value: "session", label: "sessions" },
] as const;

export type Counted = (typeof COUNTED)[number]["value"];

export function countedOf(asked: Pick<Asked, "count" | "of">): Counted {
  if (asked.count === "occurrences") return "occurrences";
  return asked.of === "session" ? "session" : "";
}

/** The parts of the address that say so. */
export function counting(counted: string): { readonly count: string | null; readonly of: string | null } {
  return { count: counted === "occurrences" ? "occurrences" : null, of: counted === "session" ? "session" : null };
}

const ONE = { "": "person", occurrences: "attempt", session: "session" } as const;
export const MANY = { "": "people", occurrences: "attempts", session: "sessions" } as const;

/** So many of them: "1 person", "200 attempts". */
export function many(n: number, counted: Counted): string {
  return `${count(n)} ${n === 1 ? ONE[counted] : MANY[counted]}`;
}
