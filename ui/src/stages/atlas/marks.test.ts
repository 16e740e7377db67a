import { describe, expect, it } from "vitest";
import { company } from "../../../mock/company.ts";
import { lossKind, markOf, visibleLoss } from "./marks.ts";

const { price, document } = company(1);
const mark = (id: string, change: Partial<typeof price> = {}, persona: string | null = "job_title") => {
  const step = document.steps.find((one) => one.id === id);
  if (!step) throw new Error(`no step ${id}`);
  const asked = { ...price, ...change };
  return markOf(step, asked.steps.find((one) => one.id === id), { price: asked, document: { ...document, persona } });
};

describe("the band of a step", () => {
  it("is attention where a row of Do next starts, and says which", () => {
    expect(mark("connects").shape).toBe("▲");
    expect(mark("connects").why).toMatch(/^Do next 2 starts here: .*[^.]\.$/);
  });
  it("is a mismatch where only something that no message can fix starts", () => {
    expect(mark("connects", { do_next: [] }).shape).toBe("◆");
  });
  it("is an assumption where nothing in the data speaks of the step, whatever else is said", () => {
    expect(mark("risk").word).toBe("assumption");
  });
  it("says nothing where too few came, or where nothing has a price", () => {
    expect(mark("recommends").word).toBe("too few");
    const unpriced = price.steps.map((step) => ({ ...step, worth_per_person: null }));
    expect(mark("buys", { steps: unpriced }).word).toBe("no price");
  });
});

it("claims no comparison where the mix of people is not known", () => {
  expect(mark("buys").word).toBe("nothing found");
  const unknown = { steps: price.steps.map((step) => ({ ...step, compared: false })) };
  expect(mark("buys", unknown, null).why).toContain("names no persona");
  expect(mark("buys", unknown).why).toContain("carry “job_title”");
});

describe("the money on a card", () => {
  it("is what could be won back, where the data say so, and only above 2 % of all", () => {
    expect(lossKind(price)).toBe("mendable");
    const shown = price.steps.filter((step) => visibleLoss(step, price) !== null).map((step) => step.id);
    expect(shown).toEqual(["connects", "first", "risk"]);
  });
  it("is all that leaves with people where nothing could be won back", () => {
    const plain = { ...price, steps: price.steps.map((step) => ({ ...step, mendable_per_month: null })) };
    expect(lossKind(plain)).toBe("lost");
    expect(visibleLoss(plain.steps.find((step) => step.id === "reads"), plain)).toBe(9100);
    expect(visibleLoss(plain.steps.find((step) => step.id === "buys"), plain)).toBeNull();
  });
});
