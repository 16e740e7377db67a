import { expect, test } from "vitest";
import { fitted, readExclusion, withoutStep, writeExclusion } from "@/stages/measure/exclusion-words.ts";

test("an exclusion says between which steps, all of them unless said", () => {
  expect(readExclusion("refund", 3)).toEqual({ word: "refund", after: 1, before: 3 });
  expect(readExclusion("big := value between 1 and 3 after 2", 3)).toEqual({ word: "big := value between 1 and 3", after: 2, before: 3 });
  expect(writeExclusion({ word: "refund", after: 1, before: 2 })).toBe("refund after 1 before 2");
});

test("taking a step away moves what comes after it and drops what lay at its side only", () => {
  expect(withoutStep(["x after 1 before 3"], 2, 3)).toEqual(["x after 1 before 2"]);
  expect(withoutStep(["x after 1 before 2", "y after 2 before 3"], 3, 3)).toEqual(["x after 1 before 2"]);
  expect(withoutStep(["x after 1 before 2"], 1, 2)).toEqual([]);
});

test("a step that may be left out is no place where an exclusion begins or ends", () => {
  expect(fitted(["x after 1 before 2"], ["a", "b?", "c"])).toEqual(["x after 1 before 3"]);
  expect(fitted(["x after 2 before 3"], ["a", "b?", "c"])).toEqual(["x after 1 before 3"]);
  expect(fitted(["x after 2 before 3"], ["a", "b", "c?"])).toEqual([]);
});
