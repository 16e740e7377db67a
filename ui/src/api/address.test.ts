import { describe, expect, it } from "vitest";
import { readLook, writeLook } from "./address.ts";

describe("how a page is looked at", () => {
  it("reads back what was written", () => {
    const params = writeLook(new URLSearchParams("map=a"), {
      lens: "time",
      view: "table",
      arrow: ["a", "b"],
      people: { kind: "step", step: "a" },
    });
    expect(readLook(params)).toEqual({
      lens: "time",
      view: "table",
      smaller: false,
      step: null,
      arrow: ["a", "b"],
      people: { kind: "step", step: "a" },
      person: null,
    });
    expect(params.get("map")).toBe("a");
  });
  it("does not offer a lens that is not there", () => {
    expect(readLook(new URLSearchParams("lens=feeling")).lens).toBeNull();
  });
  it("leaves no word behind when a view is closed", () => {
    const params = writeLook(new URLSearchParams("step=a&person=p"), { step: null, person: null });
    expect(params.toString()).toBe("");
  });
});
