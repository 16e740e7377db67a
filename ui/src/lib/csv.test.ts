import { expect, it } from "vitest";
import { toCsv } from "./csv.ts";

it("quotes what would break a row and leaves an unknown number empty", () => {
  expect(toCsv(["step", "worth"], [["Buys, again", 1.5], ['the "kit"', null]])).toBe(
    'step,worth\r\n"Buys, again",1.5\r\n"the ""kit""",\r\n',
  );
});
