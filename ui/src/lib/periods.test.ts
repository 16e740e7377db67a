import { expect, test } from "vitest";
import { endOf } from "@/lib/periods.ts";

test("a period ends where the next begins, in the zone of the workspace and over the change of clocks", () => {
  expect(endOf("2026-03-02T00:00:00Z", "week", "UTC")).toBe("2026-03-09T00:00:00.000Z");
  expect(endOf("2026-02-28T23:00:00Z", "month", "Europe/Amsterdam")).toBe("2026-03-31T22:00:00.000Z");
  expect(endOf("2026-03-28T23:00:00Z", "day", "Europe/Amsterdam")).toBe("2026-03-29T22:00:00.000Z");
  expect(endOf("2025-12-31T11:00:00Z", "month", "Pacific/Auckland")).toBe("2026-01-31T11:00:00.000Z");
  expect(endOf("2026-01-01T08:00:00Z", "month", "America/Los_Angeles")).toBe("2026-02-01T08:00:00.000Z");
});
