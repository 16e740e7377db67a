/** Exclusions of a funnel as the address writes them: a step, with `after 1 before 3` for between which steps. */

import { mayBeLeftOut } from "@/stages/measure/step-words.ts";

export interface Exclusion {
  readonly word: string;
  /** Steps from 1. */
  readonly after: number;
  readonly before: number;
}

const WORDS = /^(.*?)(?:\s+after\s+(\d+))?(?:\s+before\s+(\d+))?\s*$/su;

/** Read an exclusion of a funnel with so many steps. */
export function readExclusion(text: string, steps: number): Exclusion {
  const [, word = "", after, before] = WORDS.exec(text) ?? [];
  return { word, after: Number(after ?? 1), before: Number(before ?? steps) };
}

export function writeExclusion({ word, after, before }: Exclusion): string {
  return `${word} after ${after} before ${before}`;
}

/** The exclusions that are left when a step is taken away; those that lose their place go with it. */
export function withoutStep(texts: readonly string[], step: number, steps: number): readonly string[] {
  return texts
    .map((text) => readExclusion(text, steps))
    .map((one) => ({ ...one, after: one.after > step ? one.after - 1 : one.after, before: one.before >= step ? one.before - 1 : one.before }))
    .filter((one) => one.after < one.before && one.before < steps)
    .map(writeExclusion);
}

/** The exclusions at steps as they are now: each begins and ends at a step that must be taken, or it goes. */
export function fitted(texts: readonly string[], words: readonly string[]): readonly string[] {
  const needed = words.flatMap((word, k) => (mayBeLeftOut(word) ? [] : [k + 1]));
  return texts
    .map((text) => readExclusion(text, words.length))
    .map((one) => ({ ...one, after: needed.findLast((place) => place <= one.after) ?? 1, before: needed.find((place) => place >= one.before) ?? needed.at(-1) ?? 1 }))
    .filter((one) => one.after < one.before)
    .map(writeExclusion);
}
