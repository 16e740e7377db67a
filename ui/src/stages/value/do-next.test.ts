import { describe, expect, it } from "vitest";
import { lower } from "./do-next.tsx";
import { dearestFirst } from "./price-table.tsx";
import type { Arrow } from "@/api/types.ts";

describe("the reason after Because", () => {
  it("begins small, once", () => {
    expect(lower("Because 28 people stop.")).toBe("28 people stop.");
    expect(lower("Controllers stop.")).toBe("controllers stop.");
  });
  it("leaves a name in capitals alone", () => {
    expect(lower("DATEV people stop.")).toBe("DATEV people stop.");
  });
});

it("lists the dearest point first, and what has no price last", () => {
  const arrow = (to: string, per_month: number | null, people = 50): Arrow => ({
    from: "a",
    to,
    people,
    visits: people,
    people_per_month: people,
    share: 0.1,
    mean_seconds: 1,
    median_seconds: 1,
    value_per_person: null,
    interval: null,
    gain_per_point: null,
    per_month,
    per_month_interval: null,
    why: null,
    memory: false,
    model_spread: null,
  });
  const rows = dearestFirst([arrow("b", 5), arrow("c", null), arrow("d", 50), arrow("exit", 99), arrow("e", 70, 0)]);
  expect(rows.map((row) => row.to)).toEqual(["d", "b", "c"]);
});
