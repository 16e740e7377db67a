import { describe, expect, it } from "vitest";
import { arrowSentence, arrowText, strengths } from "./map-input.ts";
import type { DrawnArrow } from "@/api/types.ts";

const move: DrawnArrow = {
  kind: "forward",
  shown: true,
  arrow: {
    from: "a",
    to: "b",
    people: 945,
    visits: 1000,
    people_per_month: 315.4,
    share: 0.28,
    mean_seconds: 90_000,
    median_seconds: 7200,
    value_per_person: 120,
    interval: [100, 140],
    gain_per_point: 3,
    per_month: 3717,
    per_month_interval: [3200, 4100],
    why: null,
    memory: false,
    model_spread: null,
  },
};

describe("an arrow's few letters", () => {
  it("are people, time or worth, by the lens", () => {
    expect(arrowText(move, "flow", "EUR")).toBe("315");
    expect(arrowText(move, "time", "EUR")).toBe("2 h");
    expect(arrowText(move, "money", "EUR")).toBe("€3,700");
  });
  it("say again on a loop and back on a return", () => {
    expect(arrowText({ ...move, kind: "loop" }, "flow", "EUR")).toBe("28% again");
    expect(arrowText({ ...move, kind: "return" }, "money", "EUR")).toBe("28% back");
  });
  it("own up to what is not known", () => {
    const unknown = { ...move, arrow: { ...move.arrow, per_month: null, why: "only 7 people took it" } };
    expect(arrowText(unknown, "money", "EUR")).toBe("?");
    expect(arrowSentence(unknown, (id) => id, "EUR")).toContain("price not known: only 7 people took it");
  });
});

it("marks the strongest, and never what is not known", () => {
  const found = strengths(new Map([["a", 100], ["b", 30], ["c", 5], ["d", null], ["e", -4]]));
  expect([...found.values()]).toEqual([3, 2, 1, 0, 0]);
});
