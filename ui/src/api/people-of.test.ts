import { expect, it } from "vitest";
import { type PeopleOf, peoplePath, readPeopleOf, writePeopleOf } from "./people-of.ts";

it("reads back every cell, slashes and per cents in a value included", () => {
  const cells: PeopleOf[] = [
    { kind: "step", step: "connects" },
    { kind: "sign", step: "connects", sign: "Sees 5/10 %" },
    { kind: "arrow", from: "connects", to: "exit" },
    { kind: "cell", word: "funnel", query: "step=a%2Fb&cell=reached+1", title: "People who reached a/b" },
    { kind: "cell", word: "retention", query: "period=week&cell=a%2Fb+2+lost", title: "Who did not come back: a/b" },
    { kind: "group", property: "lines a month", value: "5/10 %", step: "first" },
  ];
  for (const cell of cells) expect(readPeopleOf(writePeopleOf(cell))).toEqual(cell);
});

it("takes anything else as no cell", () => {
  expect(readPeopleOf(null)).toBeNull();
  expect(readPeopleOf("arrow/a")).toBeNull();
  expect(readPeopleOf("step/%E0%A4%A")).toEqual({ kind: "step", step: "%E0%A4%A" });
});

it("asks for the people of a cell where its question is", () => {
  expect(peoplePath({ kind: "cell", word: "retention", query: "cell=x", title: "t" })).toBe("/api/measure/retention/people");
  expect(peoplePath({ kind: "step", step: "a" })).toBe("/api/journeys/people");
});

it("an address inside an address survives being decoded once more on its way", () => {
  const query = new URLSearchParams({ a: "paths?cell=0 a~b%", cell: "only a" }).toString();
  const of: PeopleOf = { kind: "cell", word: "why_differ", query, title: "100 % of ~ 3" };
  expect(readPeopleOf(decodeURI(writePeopleOf(of)))).toEqual(of);
});
