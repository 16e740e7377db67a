import { expect, test } from "vitest";
import { funnelCell, moveCell, partOf, partWord, quoted, stateCell } from "@/lib/cells.ts";

test("moves, parts and steps of funnels quote the names in them", () => {
  expect(moveCell("cart", "a|b")).toBe('cart > "a|b"');
  expect([partWord(null), partWord("None"), partWord("other", 3)]).toEqual(["None", '"None"', "(other)"]);
  expect([funnelCell("reached 1", null), funnelCell("dropped 2", partWord("2024-01"))]).toEqual(["reached 1", 'dropped 2 of "2024-01"']);
});

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
