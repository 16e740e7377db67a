import { describe, expect, it } from "vitest";
import { readSelection, selectionQuery, writeSelection } from "./selection.ts";

describe("the selection in the address", () => {
  it("reads back what was written and leaves other words of the address alone", () => {
    const before = new URLSearchParams("lens=flow&where=a%20%3D%201");
    const after = writeSelection(before, { map: "trial", where: ["a = 1", "b = 2"], persona: "controller" });
    expect(after.get("lens")).toBe("flow");
    expect(readSelection(after)).toEqual({
      map: "trial",
      persona: "controller",
      from: null,
      to: null,
      where: ["a = 1", "b = 2"],
      who: [],
    });
  });
  it("forgets what is set to null", () => {
    const after = writeSelection(new URLSearchParams("persona=a&who=x"), { persona: null, who: [] });
    expect(after.toString()).toBe("");
  });
  it("joins several filters into one predicate for the server", () => {
    const query = selectionQuery(readSelection(new URLSearchParams("where=a+%3D+1&where=b+%3D+2&lens=time")));
    expect(query.get("where")).toBe("(a = 1) and (b = 2)");
    expect(query.has("lens")).toBe(false);
  });
});
