import { describe, expect, it } from "vitest";
import { readSubject, subjectLink } from "./subject-link.ts";

describe("the address of a person or account", () => {
  it.each(["p1", "a/b", "account/7", "100 %", "ä?x=1#y"])("reads back the id %s", (id) => {
    for (const kind of ["person", "account"] as const) {
      const path = new URL(subjectLink({ kind, id }), "http://x").pathname;
      expect(readSubject(path)).toEqual({ kind, id });
    }
  });
  it("is nobody's without an id", () => {
    expect(readSubject("/people")).toBeNull();
    expect(readSubject("/people/")).toBeNull();
  });
  it("does not break at an escape that is none", () => {
    expect(readSubject("/people/50%")).toEqual({ kind: "person", id: "50%" });
  });
});
