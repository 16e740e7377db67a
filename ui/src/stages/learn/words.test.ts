import { expect, test } from "vitest";
import { markOf, points } from "@/stages/learn/words.ts";

test("points carry their sign, and a decimal only where they are few", () => {
  expect([0.142, -0.06, 0.024, -0.001, 0, 0.02].map(points)).toEqual(["+14", "−6", "+2.4", "−0.1", "0", "+2"]);
});

test("every verdict has a sign of its own beside its colour", () => {
  const signs = ["works", "no effect", "harms", "cannot tell yet"].map((word) => markOf(word).sign);
  expect(new Set(signs).size).toBe(4);
});
