import { expect, test } from "vitest";
import { aroundMark, marksBetween } from "@/lib/marks.ts";

const release = (name: string, time: string) => ({ name, time, note: "" });
const releases = [release("late", "2026-03-09T10:00:00Z"), release("old", "2026-01-01T00:00:00Z"), release("first", "2026-03-02T00:00:00Z")];

test("marks are those of a stretch of time, numbered in their order; its end is outside", () => {
  const found = marksBetween(releases, "2026-03-02T00:00:00Z", "2026-03-09T10:00:00Z");
  expect(found.map(({ n, name }) => [n, name])).toEqual([[1, "first"]]);
  expect(marksBetween(releases, null, null).map(({ name }) => name)).toEqual(["old", "first", "late"]);
});

test("before and after a mark are as long as the shorter side, and none where nothing was seen on one", () => {
  expect(aroundMark("2026-03-09T10:00:00Z", "2026-01-01T00:00:00Z", "2026-03-16T12:00:00Z")).toEqual({ before: "2026-03-02", at: "2026-03-09", after: "2026-03-16" });
  expect(aroundMark("2026-03-09T10:00:00Z", "2026-03-09T01:00:00Z", "2026-04-16T12:00:00Z")).toBeNull();
});
