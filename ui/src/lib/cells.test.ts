import { expect, test } from "vitest";
import { funnelCell, moveCell, partWord, quoted } from "@/lib/cells.ts";

test("a plain name stays plain, one with a sign of cells stands in quotes", () => {
  expect(quoted("Trial Started")).toBe("Trial Started");
  expect(quoted('a > "b"')).toBe('"a > \\"b\\""');
  expect(quoted("404 page")).toBe('"404 page"');
  expect(quoted(" a")).toBe('" a"');
  expect(moveCell("cart", "a|b")).toBe('cart > "a|b"');
  expect([partWord(null), partWord("None"), partWord("other", 3)]).toEqual(["None", '"None"', "(other)"]);
  expect([funnelCell("reached", 1, null), funnelCell("dropped", 2, partWord("2024-01"))]).toEqual(["reached 1", 'dropped 2 of "2024-01"']);
});
