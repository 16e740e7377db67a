import { expect, test } from "vitest";
import { partOf, quoted, stateCell } from "@/stages/measure/paths/cell-words.ts";

test("a name stands in quotes where it could be read as something else", () => {
  expect(["cart", "add to cart", "a > b", "(ended)", "5 stars", 'say "no"', "None", " x", "a|b"].map(quoted)).toEqual([
    "cart", "add to cart", '"a > b"', '"(ended)"', '"5 stars"', '"say \\"no\\""', '"None"', '" x"', '"a|b"',
  ]);
});

test("a cell names its level and state, others together and one part", () => {
  expect(stateCell(-1, "cart")).toBe("-1 cart");
  expect(stateCell(2, "other", 7)).toBe("2 (other)");
  expect([partOf(null), partOf({ value: null }), partOf({ value: "pro" }), partOf({ value: "other", others: 3 })]).toEqual(["", " | None", " | pro", " | (other)"]);
});
