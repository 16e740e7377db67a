import { expect, test } from "vitest";
import { idOf } from "@/stages/learn/id-of.ts";

test("an id is made of small letters and hyphens, and numbered when it is taken", () => {
  expect(idOf("Crème: Security Kit!", [])).toBe("cre-me-security-kit");
  expect(idOf("kit", ["kit", "kit-2"])).toBe("kit-3");
  expect(idOf("???", [])).toBe("experiment");
});
