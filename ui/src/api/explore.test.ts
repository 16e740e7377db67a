import { expect, test } from "vitest";
import { againstOf, againstQuery, QUESTIONS, type Question, questionQuery, readAsked, writeAsked } from "@/api/explore.ts";
import { readSelection } from "@/api/selection.ts";

const address = new URLSearchParams("step=a&step=b&within=7d&by=plan&who=plan%20%3D%201&against=1&against_who=x&against_who=y&people=step%2Fa");

test("a question is read from the address and asked of the API", () => {
  const asked = readAsked(address);
  expect(asked.step).toEqual(["a", "b"]);
  expect(questionQuery("funnel", asked, readSelection(address)).toString()).toBe("who=plan+%3D+1&step=a&step=b&within=7d&by=plan");
});

test("a change leaves the rest of the address alone", () => {
  const next = writeAsked(address, { step: ["c"], within: null });
  expect(next.getAll("step")).toEqual(["c"]);
  expect(next.get("within")).toBe(null);
  expect(next.get("people")).toBe("step/a");
});

test("what is compared is a selection of its own and asks without a breakdown", () => {
  const asked = readAsked(address);
  expect(againstOf(asked, null)?.who).toEqual(["x", "y"]);
  expect(againstOf(writeAndRead({ against: null }), null)).toBe(null);
  const query = againstQuery("funnel", asked, readSelection(address));
  expect(query.get("against_who")).toBe("(x) and (y)");
  expect(query.get("by")).toBe(null);
});

test("a declared entity is asked of every question, and sessions of those that can be of them", () => {
  const asking = (question: Question, of: string) => {
    const params = new URLSearchParams({ of });
    return questionQuery(question, readAsked(params), readSelection(params)).get("of");
  };
  for (const question of QUESTIONS) expect(asking(question, "account")).toBe("account");
  for (const question of ["flow", "funnel", "sessions"] as const) expect(asking(question, "session(gap=1h)")).toBe("session(gap=1h)");
  for (const question of ["retention", "trends", "paths"] as const) expect(asking(question, "session(gap=1h)")).toBe(null);
});

function writeAndRead(change: { against: null }) {
  return readAsked(writeAsked(address, change));
}
