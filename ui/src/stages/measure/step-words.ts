/** Steps of a question as the address writes them: an event's name, `a | b`, or `name := rule`, with ? to be left out. */

import type { Choices } from "@/api/types.ts";

const QUOTED = /"(?:[^"]|"")*"/gu;

/** Whether a step may be left out: it ends with a question mark. */
export function mayBeLeftOut(word: string): boolean {
  return word.trimEnd().endsWith("?");
}

/** The word without its question mark. */
export function bodyOf(word: string): string {
  return mayBeLeftOut(word) ? word.trimEnd().slice(0, -1).trimEnd() : word;
}

/** The same step, to be left out or to be taken. */
export function leftOut(word: string, may: boolean): string {
  return may ? `${bodyOf(word)}?` : bodyOf(word);
}

/** The place of := outside of quotes; -1 where there is none. */
function ruleAt(body: string): number {
  return body.replace(QUOTED, (text) => "_".repeat(text.length)).indexOf(":=");
}

/** The events or steps of which one is enough. */
function namesOf(body: string): readonly string[] {
  const cuts = body.replace(QUOTED, (text) => "_".repeat(text.length));
  const names: string[] = [];
  let from = 0;
  for (const part of cuts.split("|")) {
    const name = body.slice(from, from + part.length).trim();
    names.push(name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name);
    from += part.length + 1;
  }
  return names;
}

/** What a step is called. */
export function nameOf(word: string): string {
  const body = bodyOf(word);
  const at = ruleAt(body);
  return at < 0 ? namesOf(body).join(" or ") : body.slice(0, at).trim() || body.slice(at + 2).trim();
}

/** Its predicate over events. */
export function ruleOf(word: string): string {
  const body = bodyOf(word);
  const at = ruleAt(body);
  if (at >= 0) return body.slice(at + 2).trim();
  const rules = namesOf(body).map((name) => `event = '${name.replaceAll("'", "''")}'`);
  return rules.length === 1 ? (rules[0] ?? "") : rules.map((rule) => `(${rule})`).join(" or ");
}

/** The step that either of two takes; it may be left out where the first may. */
export function either(first: string, second: string): string {
  const bodies = [bodyOf(first), bodyOf(second)];
  const plain = bodies.every((body) => ruleAt(body) < 0);
  const joined = plain ? bodies.join(" | ") : `${bodies.map(nameOf).join(" or ").replaceAll(":=", ":")} := ${bodies.map((body) => `(${ruleOf(body)})`).join(" or ")}`;
  return leftOut(joined, mayBeLeftOut(first));
}

const MOST_NAMED = 2;

/** The events that a step of the map takes, as far as its rule names them. */
export function takes(word: string): string {
  const rule = ruleOf(word);
  const names = /^event (?:= '(?:[^']|'')*'|in \([^()]*\))$/u.test(rule) ? [...rule.matchAll(/'((?:[^']|'')*)'/gu)].map(([, name]) => (name ?? "").replaceAll("''", "'")) : [];
  if (names.length === 0) return "step with a rule";
  const rest = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : "";
  return `takes ${names.slice(0, MOST_NAMED).join(", ")}${rest}`;
}

/** The word of an event: its name, unless a step of the map goes by the same one. */
export function eventWord(name: string, choices: Choices): string {
  const taken = choices.steps.some((step) => step.name === name || step.id === name);
  if (taken) return `${name.replaceAll(":=", ":").replaceAll('"', "'")} := event = '${name.replaceAll("'", "''")}'`;
  return /[|"]|:=|\?\s*$|^\s|\s$/u.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly count: number | null;
}

/** Everything a step can be: steps of the map, then events, the commonest first. */
export function stepChoices(choices: Choices): { readonly steps: readonly Choice[]; readonly events: readonly Choice[] } {
  const steps = choices.steps.map((step): Choice => ({ value: step.word, label: step.name, count: null }));
  // A step that is just an event under its own name is one thing, and listed once.
  const words = new Set(steps.map((step) => step.value));
  const events = choices.events.map((event): Choice => ({ value: eventWord(event.value, choices), label: event.value, count: event.count }));
  return { steps, events: events.filter((event) => !words.has(event.value)) };
}

/** A funnel to begin with: the first step of each stage of the map, in order; at least two, else nothing. */
export function stagesFunnel(choices: Choices): readonly string[] {
  const seen = new Set<string>();
  const words = choices.steps.filter((step) => step.stage !== null && !seen.has(step.stage) && seen.add(step.stage)).map((step) => step.word);
  return words.length >= 2 ? words : [];
}
