import { expect, it } from "vitest";
import { pageLink } from "./page-link.ts";

it("keeps the selection between pages and drops what belongs to one page", () => {
  const params = new URLSearchParams("map=a&where=x&where=y&lens=time&step=s&people=step%2Fs");
  expect(pageLink("/value", params)).toBe("/value?map=a&where=x&where=y");
  expect(pageLink("/map", new URLSearchParams())).toBe("/map");
});
