import { expect, it } from "vitest";
import { lot } from "./lot.ts";

it("draws about the share of browsers that is asked for, for every question others", () => {
  const browsers = Array.from({ length: 4_000 }, (_, k) => `00000000-0000-4000-8000-${String(k).padStart(12, "0")}`);
  const of = (id: string) => browsers.map((one) => lot(id + one) < 0.3);
  const [first, second] = [of("pulse"), of("exit")];
  // Four standard deviations of a share of 4,000 draws: 0.029; of drawn twice: 0.0181.
  for (const some of [first, second]) expect(Math.abs(some.filter(Boolean).length / 4_000 - 0.3)).toBeLessThan(0.029);
  expect(Math.abs(first.filter((drawn, k) => drawn && second[k]).length / 4_000 - 0.09)).toBeLessThan(0.0181);
});

it("is the same every time", () => {
  expect(lot("pulse a")).toBe(lot("pulse a"));
  expect(lot("pulse a")).not.toBe(lot("pulse b"));
});
