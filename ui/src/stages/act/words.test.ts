import { describe, expect, it } from "vitest";
import { durationWords, errorCount, fieldWords } from "@/stages/act/words.ts";

describe("durations in words", () => {
  it("says one of a unit without an s", () => {
    expect(durationWords("1d")).toBe("1 day");
    expect(durationWords("36h")).toBe("36 hours");
  });
  it("leaves alone what is no duration", () => {
    expect(durationWords("soon")).toBe("soon");
  });
});

it("counts only the findings that keep a program from starting", () => {
  expect(errorCount([{ level: "error" }, { level: "warning" }])).toBe(1);
});

it("says where a finding is as the form calls it", () => {
  expect(fieldWords("stalls_after")).toBe("Stays for");
  expect(fieldWords("cap.within")).toBe("Contacts at most, within");
  expect(fieldWords("message")).toBe("message");
});
