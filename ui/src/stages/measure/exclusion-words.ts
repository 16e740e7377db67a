/** Exclusions of a funnel as the address writes them: a step, with `after 1 before 3` for between which steps. */

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
