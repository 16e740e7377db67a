import { expect, it } from "vitest";
import { type PeopleOf, readPeopleOf, writePeopleOf } from "./people-of.ts";

it("reads back every cell, slashes and per cents in a value included", () => {
  const cells: PeopleOf[] = [
    { kind: "step", step: "connects" },
    { kind: "arrow", from: "connects", to: "exit" },
    { kind: "number", query: "question=retention&at=2", title: "People who came back" },
    { kind: "cell", word: "funnel", query: "step=a%2Fb&cell=reached+2", title: "People who reached a/b" },
    { kind: "group", property: "lines a month", value: "5/10 %", step: "first" },
  ];
  for (const cell of cells) expect(readPeopleOf(writePeopleOf(cell))).toEqual(cell);
});

it("takes anything else as no cell", () => {
  expect(readPeopleOf(null)).toBeNull();
  expect(readPeopleOf("arrow/a")).toBeNull();
  expect(readPeopleOf("step/%E0%A4%A")).toEqual({ kind: "step", step: "%E0%A4%A" });
});

it("an address inside an address survives being decoded once more on its way", () => {
  const query = new URLSearchParams({ a: "paths?cell=0 a~b%", cell: "only a" }).toString();
  const of: PeopleOf = { kind: "cell", word: "why_differ", query, title: "100 % of ~ 3" };
  expect(readPeopleOf(decodeURI(writePeopleOf(of)))).toEqual(of);
});
