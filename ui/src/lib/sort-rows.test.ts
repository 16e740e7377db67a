import { expect, it } from "vitest";
import { sortRows } from "./sort-rows.ts";

const rows = [{ v: 2 }, { v: null }, { v: 10 }, { v: -1 }];

it("puts what is not known last, whichever way it sorts", () => {
  expect(sortRows(rows, (row) => row.v, true).map((row) => row.v)).toEqual([10, 2, -1, null]);
  expect(sortRows(rows, (row) => row.v, false).map((row) => row.v)).toEqual([-1, 2, 10, null]);
});

it("leaves the order alone where nothing says how to sort", () => {
  expect(sortRows(rows, undefined, true)).toBe(rows);
});
