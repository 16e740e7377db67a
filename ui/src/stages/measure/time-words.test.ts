import { expect, test } from "vitest";
import { spokenTime, typedTime } from "@/stages/measure/time-words.ts";

test("a time is read as people type it and said as they say it", () => {
  expect(["45 minutes", "45min", " 12h ", "1 week", "1.5 days"].map(typedTime)).toEqual(["45m", "45m", "12h", "1w", "1.5d"]);
  expect(["45m", "1h", "1.5d"].map(spokenTime)).toEqual(["45 minutes", "1 hour", "1.5 days"]);
});

test("what is no time is none", () => {
  expect(["", "7", "0d", "-1d", "soon", "7 months"].map(typedTime)).toEqual([null, null, null, null, null, null]);
  expect(spokenTime("soon")).toBe("soon");
});
