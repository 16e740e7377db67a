import { expect, test } from "vitest";
import { timeScale } from "@/stages/measure/time-scale.ts";

test("times of one size stand evenly, in the unit that fits the longest", () => {
  const scale = timeScale([3_600, 7_200, 36_000]);
  expect([scale.name, scale.at(7_200), scale.max]).toEqual(["hours since the first step", 2, 10]);
  expect(scale.marks.map((mark) => mark.name)).toEqual(["0", "2", "4", "6", "8", "10"]);
});

test("minutes beside months stand by their power of ten", () => {
  const scale = timeScale([20, 40, 60, 90, 8_000_000]);
  expect(scale.at(100)).toBe(2);
  expect(scale.marks.map((mark) => mark.name)).toEqual(["10 s", "1 min", "10 min", "1 h", "6 h", "1 day", "7 days", "30 days", "90 days"]);
});
