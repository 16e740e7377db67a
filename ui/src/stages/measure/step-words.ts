/** Steps of a question as the address writes them: an event's name, or `name := rule`. */

import type { Choices } from "@/api/types.ts";

/** What a step is called. */
export function nameOf(word: string): string {
  const at = word.indexOf(":=");
  return at < 0 ? word : word.slice(0, at).trim() || word.slice(at + 2).trim();
}

/** Its predicate over events. */
export function ruleOf(word: string): string {
  const at = word.indexOf(":=");
  return at < 0 ? `event = '${word.replaceAll("'", "''")}'` : word.slice(at + 2).trim();
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
  return taken || name.includes(":=") ? `${name.replaceAll(":=", ":")} := event = '${name.replaceAll("'", "''")}'` : name;
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
