import { describe, expect, it } from "vitest";
import { formsOf, nameOf, piecesOf, TERMS, termsIn } from "./terms.ts";

const words = (text: string) => termsIn(text).map(nameOf);

describe("the words of the trade", () => {
  it("are found whole, whatever their capitals, and once each", () => {
    expect(words("Treated or held out is")).toEqual(["treated", "comparison group"]);
    expect(words("One point, a point and two points")).toEqual(["point"]);
    expect(words("Webhook")).toEqual(["webhook"]);
  });
  it("are not found inside other words, names of columns or plain words in a sentence", () => {
    for (const text of ["user_cohort", "pre-treated", "appointment", "Events of one person", "Step by step"]) expect(words(text)).toEqual([]);
    expect(words("Events")).toEqual(["event"]);
  });
  it("leave the text as it was", () => {
    for (const text of ["Middle time", "a likely  point", "", "nothing of it", "funnel"]) expect(piecesOf(text).map((one) => one.text).join("")).toBe(text);
  });
  it("mean one thing each, said in a sentence that is not the word again", () => {
    const forms = TERMS.flatMap(formsOf);
    expect(new Set(forms).size).toBe(forms.length);
    for (const term of TERMS) {
      expect(term.means, term.forms).toMatch(/^[A-Z“].*\.$/);
      expect(term.forms).toBe(term.forms.toLowerCase());
      expect(term.means.toLowerCase().startsWith(nameOf(term)), term.forms).toBe(false);
    }
  });
});
