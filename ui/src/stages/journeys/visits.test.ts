import { describe, expect, it } from "vitest";
import type { Moment } from "@/api/types.ts";
import { alike, alikeIn, marksAbove, saidHere, visitSaid, visitsOf } from "./visits.ts";

function moment(key: string, visit: number | null, properties: Record<string, string> = {}): Moment {
  return { key, kind: "event", time: "2026-01-01T00:00:00Z", person: "p", name: "x", step: null, visit, source: null, value: null, cost: null, properties, decision: null };
}

describe("visits of a timeline", () => {
  it("holds neighbours of one visit together and keeps the order", () => {
    const made = visitsOf([moment("c", 2), moment("b", 2), moment("d", null), moment("e", null), moment("a", 1)]);
    expect(made.map((one) => one.moments.map(({ key }) => key))).toEqual([["c", "b"], ["d"], ["e"], ["a"]]);
  });
  it("does not join a visit across what came between", () => {
    expect(visitsOf([moment("c", 2), moment("d", null), moment("b", 2)])).toHaveLength(3);
  });
  it("says of an event only what is not said of the person", () => {
    const said = saidHere(moment("a", 1, { plan: "x", place: "y", empty: "" }), { plan: "x", place: "z" });
    expect(said).toEqual([["place", "y"]]);
  });
  it("says once where an event is from", () => {
    const web = { ...moment("a", 1, { source: "web", page: "1" }), source: "web" };
    expect(saidHere(web, {})).toEqual([["page", "1"]]);
  });
  it("says once in the head what all events of a visit say, and nothing of a single event", () => {
    const [visit] = visitsOf([moment("b", 1, { plan: "x", device: "phone", page: "1" }), moment("a", 1, { plan: "x", device: "phone", page: "2" })]);
    if (!visit) throw new Error("no visit");
    expect(alikeIn(visit)).toEqual({ plan: "x", device: "phone" });
    expect(visitSaid(visit, { plan: "x" })).toEqual(["device phone"]);
    expect(visitSaid({ ...visit, moments: visit.moments.slice(0, 1) }, {})).toEqual([]);
  });
  it("shows a mark between the visits before and after it, and none above the uppermost", () => {
    const at = (key: string, visit: number, time: string): Moment => ({ ...moment(key, visit), time });
    const visits = visitsOf([at("c", 3, "2026-03-01T00:00:00Z"), at("b", 2, "2026-02-01T00:00:00Z"), at("a", 1, "2026-01-01T00:00:00Z")]);
    const releases = ["2026-01-20", "2026-02-10", "2026-02-20", "2026-04-01"].map((day) => ({ name: day, time: `${day}T12:00:00Z`, note: "" }));
    expect(visits.map((_, k) => marksAbove(visits, k, releases).map(({ name }) => name))).toEqual([[], ["2026-02-20", "2026-02-10"], ["2026-01-20"]]);
  });
  it("knows what all people of an account have alike", () => {
    expect(alike([{ traits: { plan: "x", place: "y" } }, { traits: { plan: "x", place: "z" } }])).toEqual({ plan: "x" });
    expect(alike([])).toEqual({});
  });
});
