/** What the page Explore asks, as words of the address: the question, its parts, and the second selection. */

import { useCallback } from "react";
import { useSearchParams } from "wouter";
import { readSelection, type Selection, selectionQuery } from "@/api/selection.ts";
import { entityOf } from "@/lib/units.ts";

export const QUESTIONS = ["flow", "funnel", "paths", "around", "variants", "rework", "matches", "trends", "retention", "lifecycle", "stickiness", "sessions", "cohorts", "separates"] as const;
export type Question = (typeof QUESTIONS)[number];

export const QUESTION_WORDS: Record<Question, { readonly name: string; readonly what: string }> = {
  flow: { name: "Flow", what: "Where people go next" },
  funnel: { name: "Funnel", what: "Who gets through the steps" },
  paths: { name: "Paths", what: "Which ways people take" },
  around: { name: "Before and after", what: "What lies around a step" },
  variants: { name: "Whole journeys", what: "Which journeys are the commonest" },
  rework: { name: "Returns and loops", what: "What people come back to" },
  matches: { name: "Patterns", what: "Which journeys hold a pattern" },
  trends: { name: "Trends", what: "How many, and how much, over time" },
  stickiness: { name: "Stickiness", what: "On how many days people are active" },
  retention: { name: "Retention", what: "Who comes back" },
  lifecycle: { name: "Lifecycle", what: "Who is new, back or gone" },
  sessions: { name: "Sessions", what: "How long and busy visits are" },
  cohorts: { name: "Cohorts", what: "What people bring in, and when that pays back" },
  separates: { name: "What separates", what: "What goes together with a goal, or with one of two groups" },
};

/** What the API calls each question. */
export const WORDS: Record<Question, string> = {
  flow: "transitions",
  funnel: "funnel",
  paths: "paths",
  around: "step_matrix",
  variants: "variants",
  rework: "rework",
  matches: "matches",
  trends: "trends",
  stickiness: "stickiness",
  retention: "retention",
  lifecycle: "lifecycle",
  sessions: "sessions",
  cohorts: "cohorts",
  separates: "separates",
};

/** Questions that stand together under the tab of the first. */
export const WAYS = ["paths", "around", "variants", "rework", "matches"] as const satisfies readonly Question[];

/** The tab under which a question stands. */
export function tabOf(question: Question): Question {
  return WAYS.some((one) => one === question) ? "paths" : question;
}

/** The single words of a question; null where nothing is said. */
export const PARTS = ["pattern", "anchor", "which", "direction", "until", "depth", "repeats", "count", "most", "length", "within", "step_within", "order", "times", "of", "holding", "by", "period", "mode", "start", "return", "nth", "gap", "active", "money", "number", "by_from", "show", "paid", "amount", "behaviour", "cost", "ages", "goal", "against", "against_from", "against_to", "against_persona"] as const;
export type Part = (typeof PARTS)[number];
export const LISTS = ["step", "exclude", "states", "opened", "against_where", "against_who"] as const;
export type Lists = (typeof LISTS)[number];

export type Asked = { readonly [K in Part]: string | null } & { readonly [K in Lists]: readonly string[] };

/** Read the question's parts. */
export function readAsked(params: URLSearchParams): Asked {
  const parts = Object.fromEntries(PARTS.map((name) => [name, params.get(name)])) as Record<Part, string | null>;
  const lists = Object.fromEntries(LISTS.map((name) => [name, params.getAll(name)])) as unknown as Record<Lists, readonly string[]>;
  return { ...parts, ...lists };
}

/** Write changed parts into a copy of the address; null, empty texts and empty lists leave it. */
export function writeAsked(params: URLSearchParams, change: Partial<Asked>): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(change)) {
    next.delete(name);
    for (const text of Array.isArray(value) ? value : [value]) if (text) next.append(name, text);
  }
  return next;
}

/** The second selection, B; null when nothing is compared. */
export function againstOf(asked: Asked, map: string | null): Selection | null {
  if (!asked.against) return null;
  return { map, persona: asked.against_persona, from: asked.against_from, to: asked.against_to, where: asked.against_where, who: asked.against_who };
}

/** Questions that may be of sessions; of the others `of` is a declared entity or nothing. */
const CUT: readonly Question[] = ["flow", "funnel", "sessions"];

const USED: Record<Question, readonly (Part | Lists)[]> = {
  flow: ["of", "money"],
  funnel: ["step", "within", "step_within", "order", "exclude", "count", "of", "holding", "times", "by"],
  paths: ["of", "anchor", "which", "direction", "until", "depth", "states", "repeats", "within", "count", "most", "opened", "by"],
  around: ["of", "anchor", "which", "depth", "states", "repeats", "within", "count", "most", "by"],
  variants: ["of", "states", "repeats", "length", "most", "by"],
  rework: ["of", "states", "most", "by"],
  matches: ["of", "pattern", "within", "by"],
  trends: ["of", "step", "period", "number", "by", "by_from"],
  stickiness: ["of", "active", "period", "by"],
  retention: ["of", "start", "return", "period", "mode", "nth", "by"],
  lifecycle: ["of", "active", "period", "by"],
  sessions: ["gap", "of", "by"],
  cohorts: ["of", "start", "paid", "amount", "period", "by", "behaviour", "cost", "ages"],
  separates: ["of", "goal", "states", "within", "most"],
};

/** What a page asks where nothing is said: fewer states than the API, so that a picture can be read. */
const UNSAID: Partial<Record<Question, Readonly<Record<string, string>>>> = { paths: { most: "7", depth: "4" }, around: { depth: "3", most: "9" }, variants: { length: "5" } };

/** The query of the API: the first selection and what the question is made of. */
export function questionQuery(question: Question, asked: Asked, selection: Selection): URLSearchParams {
  const query = selectionQuery(selection);
  for (const name of USED[question]) {
    const said = name === "of" && !CUT.includes(question) ? entityOf(asked.of) : asked[name];
    for (const text of Array.isArray(said) ? said : [said]) if (text) query.append(name, text);
  }
  for (const [name, text] of Object.entries(UNSAID[question] ?? {})) if (!query.has(name)) query.set(name, text);
  return query;
}

/** The query of the API that compares; a breakdown has no place in it. */
export function againstQuery(question: Question, asked: Asked, selection: Selection): URLSearchParams {
  const query = questionQuery(question, asked, selection);
  query.delete("by");
  const second = againstOf(asked, selection.map);
  if (second) for (const [name, value] of selectionQuery({ ...second, map: null })) query.set(`against_${name}`, value);
  return query;
}

export interface Explore {
  readonly asked: Asked;
  readonly selection: Selection;
  readonly against: Selection | null;
  readonly ask: (change: Partial<Asked>) => void;
}

/** The question of the address, with a way to change it. */
export function useExplore(): Explore {
  const [params, setParams] = useSearchParams();
  const asked = readAsked(params);
  const selection = readSelection(params);
  const ask = useCallback((change: Partial<Asked>) => setParams((now) => writeAsked(now, change)), [setParams]);
  return { asked, selection, against: againstOf(asked, selection.map), ask };
}
