import { describe, expect, it } from "vitest";
import { allOf, around, clauseText } from "./predicate.ts";

describe("predicates of filter chips", () => {
  it("quotes text and escapes its quotes", () => {
    expect(clauseText({ column: "colour", operator: "=", value: "o'neil" }, "text")).toBe("colour = 'o''neil'");
  });
  it("leaves numbers bare where the column holds numbers, and only there", () => {
    expect(clauseText({ column: "seats", operator: ">=", value: "10" }, "number")).toBe("seats >= 10");
    expect(clauseText({ column: "code", operator: "=", value: "10" }, "text")).toBe("code = '10'");
  });
  it("quotes a column whose name is not a plain word", () => {
    expect(clauseText({ column: "utm source", operator: "is null", value: "" }, "text")).toBe('"utm source" is null');
  });
  it("joins clauses so that an or inside one stays inside", () => {
    expect(allOf([])).toBeUndefined();
    expect(allOf(["a = 1"])).toBe("a = 1");
    expect(allOf(["a = 1 or b = 2", "c = 3"])).toBe("(a = 1 or b = 2) and (c = 3)");
  });
  it("keeps the bracket behind a comment out of it", () => {
    expect(allOf(["a = 1 -- why", "c = 3"])).toBe("(a = 1 -- why\n) and (c = 3)");
  });
  it("shows the character that is wrong, with what stands around it", () => {
    expect(around("a iz 1", 2)).toEqual(["a ", "i", "z 1"]);
    expect(around("a =", 3)).toEqual(["a =", "␣", ""]);
    expect(around("x".repeat(100), 50, 3)).toEqual(["…xxx", "x", "xxx…"]);
  });
});
