import { expect, it } from "vitest";
import { daysBefore } from "./days.ts";

it("counts days back and forth over the ends of months", () => {
  expect(daysBefore("2026-03-01T10:00:00Z", 1)).toBe("2026-02-28");
  expect(daysBefore("2026-09-27T14:02:00Z", -1)).toBe("2026-09-28");
});
