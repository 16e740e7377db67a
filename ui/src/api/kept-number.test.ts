import { expect, test } from "vitest";
import { numbersPage, readKept } from "@/api/kept-number.ts";

test("a kept number is read back, and what is none is nobody's number", () => {
  const number = { address: "lifecycle?cell=2026-03-02 new", title: "New" };
  expect(readKept(JSON.stringify(number))).toEqual(number);
  expect([readKept(null), readKept("{"), readKept("3"), readKept('{"address":1}')]).toEqual([null, null, null, null]);
});

test("the page names both numbers in its address", () => {
  const [a, b] = [{ address: "funnel?step=a&cell=0", title: "A" }, { address: "paths?cell=0 a", title: "B" }];
  const query = new URLSearchParams(numbersPage(a, b).split("?")[1]);
  expect(Object.fromEntries(query)).toEqual({ a: a.address, a_title: "A", b: b.address, b_title: "B" });
  expect(numbersPage(a, null)).not.toContain("b=");
});
