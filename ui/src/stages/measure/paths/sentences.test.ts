import { expect, test } from "vitest";
import { readAsked } from "@/api/explore.ts";
import type { Difference, Paths, PathsDiff, Rework, Variants } from "@/api/types.ts";
import { clearest } from "@/stages/measure/paths/differences-table.tsx";
import { pathsDiffSentence, pathsSentence, reworkSentence, variantsSentence } from "@/stages/measure/paths/sentences.ts";
import { streamOf } from "@/stages/measure/paths/stream.ts";

const rest = { excluded: {}, as_of: { snapshot: "s", seq: 1 }, by: null, overlap: null };
const node = (level: number, state: string, count: number, share: number, stops: Paths["nodes"][number]["stops"] = []): Paths["nodes"][number] => ({ level, state, count, share, interval: [share - 0.05, share + 0.05], stops, why: null, joins: null, entities: null });
const link = (level: number, from: string, to: string, count: number, share: number): Paths["links"][number] => ({ level, from, to, count, share, interval: null, why: null, from_joins: null, to_joins: null, entities: null, median_seconds: 90, median_interval: null });
const stop = (kind: "ended" | "began", count: number, share: number) => ({ kind, count, share, interval: null, why: null, entities: null });
const paths: Paths = {
  ...rest,
  direction: "forward",
  entities: 120,
  anchored: 100,
  walks: 100,
  nodes: [node(0, "cart", 100, 1, [stop("ended", 20, 0.2)]), node(1, "pay", 60, 0.6, [stop("ended", 60, 1)]), node(1, "look", 20, 0.2, [stop("ended", 20, 1)])],
  links: [link(0, "cart", "pay", 60, 0.6), link(0, "cart", "look", 20, 0.2)],
};

test("paths say who comes, where they are next, and who stops", () => {
  expect(pathsSentence(paths, readAsked(new URLSearchParams("anchor=cart")))).toBe("100 people come to cart. Next they are most often at pay: 60% (likely 55 to 65%). 20% stop right there.");
  expect(pathsSentence(paths, readAsked(new URLSearchParams("anchor=cart&until=pay")))).toMatch(/^100 people get from cart to pay\./u);
  expect(pathsSentence(paths, readAsked(new URLSearchParams()))).toMatch(/^100 people begin, most often with cart: 100%\./u);
  expect(pathsSentence({ ...paths, walks: 0 }, readAsked(new URLSearchParams("anchor=cart")))).toBe("Nobody in this selection comes to cart.");
});

test("a stream draws who stops as a box of the next column, and none beyond the last", () => {
  const stream = streamOf(paths);
  expect(stream.columns).toBe(2);
  expect(stream.boxes.map((box) => [box.id, box.column, box.size])).toEqual([["0 cart", 0, 100], ["1 pay", 1, 60], ["1 look", 1, 20], ["1 (ended)", 1, 20]]);
  expect(stream.bands.map((band) => band.cell)).toEqual(["0 cart > pay", "0 cart > look", "0 cart > (ended)"]);
});

test("looking back, who begins stands before", () => {
  const back = streamOf({ direction: "backward", walks: 10, nodes: [node(-1, "look", 6, 0.6), node(0, "cart", 10, 1, [stop("began", 4, 0.4)])], links: [link(-1, "look", "cart", 6, 0.6)] });
  expect(back.boxes.map((box) => [box.id, box.column])).toEqual([["-1 look", 0], ["0 cart", 1], ["0 (began)", 0]]);
  expect(back.bands.map((band) => [band.from, band.to, band.cell])).toEqual([["-1 look", "0 cart", "-1 look > cart"], ["0 (began)", "0 cart", "0 cart > (began)"]]);
});

const difference = (interval: [number, number] | null, words: string): Difference => ({ a: 0.4, b: 0.3, difference: -0.1, interval, why: null, words, q: null });

test("the clearest difference is said first, or that there is none", () => {
  const rows = [{ key: "1", first: "", what: "x", share: difference([-0.2, 0.1], "Cannot tell.") }, { key: "2", first: "", what: "y", share: difference([-0.15, -0.05], "B is likely 5 to 15 points lower.") }];
  expect(clearest(rows).map((row) => row.key)).toEqual(["2", "1"]);
  const diff = (share: Difference): PathsDiff => ({ a: paths, b: paths, nodes: [{ level: 1, state: "pay", share, joins: null }], links: [], shared: 0 });
  expect(pathsDiffSentence(diff(difference([-0.15, -0.05], "B is likely 5 to 15 points lower.")))).toBe("Most clearly they differ at pay, 1 step on: 40% of A and 30% of B. B is likely 5 to 15 points lower.");
  expect(pathsDiffSentence(diff(difference(null, "")))).toBe("The ways of A and B cannot be told apart at any step.");
});

test("whole journeys and returns say the finding and its size", () => {
  const variants: Variants = { ...rest, entities: 50, variants: 3, shown: [{ rank: 1, states: ["a", "b"], goes_on: false, count: 30, share: 0.6, interval: [0.46, 0.72], median_seconds: 60, median_interval: null, why: null }], rest: { variants: 2, count: 20, share: 0.4, interval: null, median_seconds: null, median_interval: null, why: null } };
  expect(variantsSentence(variants)).toBe("50 people take 3 different journeys. The commonest is taken by 60% (likely 46 to 72%).");
  const rework: Rework = { ...rest, entities: 50, states: [{ state: "a", entities: 40, visits: 60, returning: 15, returns: 20, share: 0.375, interval: null, median_seconds: 7200, median_interval: null, repeating: 0, again: 0, why: null, joins: null }], loops: [], rest: { loops: 0, entities: 0, count: 0, share: 0, interval: null, median_seconds: null, median_interval: null, why: null } };
  expect(reworkSentence(rework)).toBe("38% of those who come to a come back to it, in the middle case 2 h later: 20 times by 15 people.");
});
