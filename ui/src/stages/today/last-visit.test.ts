import { expect, test } from "vitest";
import { lastVisit, rememberVisit } from "@/stages/today/last-visit.ts";

function box(): Storage {
  const held = new Map<string, string>();
  return {
    get length() {
      return held.size;
    },
    clear: () => held.clear(),
    getItem: (key) => held.get(key) ?? null,
    key: () => null,
    removeItem: (key) => void held.delete(key),
    setItem: (key, value) => void held.set(key, value),
  };
}

const look = (at: string, ...rows: string[]) => ({ at, rows });

test("the first visit is compared with nothing, the next one with it", () => {
  const store = box();
  expect(lastVisit("shop", Date.parse("2026-01-01T10:00:00Z"), store)).toBeNull();
  rememberVisit("shop", look("2026-01-01T10:00:00Z", "a"), null, store);
  expect(lastVisit("shop", Date.parse("2026-01-02T10:00:00Z"), store)).toEqual(look("2026-01-01T10:00:00Z", "a"));
  expect(lastVisit("other", Date.parse("2026-01-02T10:00:00Z"), store)).toBeNull();
});

test("a reload belongs to the same visit and shows the same lines", () => {
  const store = box();
  const first = look("2026-01-01T10:00:00Z");
  rememberVisit("shop", first, null, store);
  const second = look("2026-01-02T10:00:00Z");
  rememberVisit("shop", second, lastVisit("shop", Date.parse(second.at), store), store);
  expect(lastVisit("shop", Date.parse("2026-01-02T10:05:00Z"), store)).toEqual(first);
});

test("what cannot be read is a first visit", () => {
  const store = box();
  store.setItem("pathworth.visit.shop", "{");
  expect(lastVisit("shop", 0, store)).toBeNull();
  store.setItem("pathworth.visit.shop", '{"before":1,"seen":2}');
  expect(lastVisit("shop", 0, store)).toBeNull();
});
