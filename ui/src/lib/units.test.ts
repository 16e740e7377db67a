import { expect, test } from "vitest";
import { entityOf, pluralOf, readUnit, type Unit, writeUnit } from "@/lib/units.ts";

test("a unit is read as it was written, and whole journeys are no unit", () => {
  const units: Unit[] = [{ by: "gap", what: "1h" }, { by: "id", what: "visit_id" }, { by: "event", what: "Log in (again)" }];
  for (const unit of units) expect(readUnit(writeUnit(unit))).toEqual(unit);
  expect(writeUnit({ by: "id", what: "" })).toBeNull();
  expect(readUnit("session")).toEqual({ by: "gap", what: "30m" });
  for (const of of [null, "person", "account"]) expect(readUnit(of).by).toBe("person");
});

test("any other word names an entity, which has a word for several", () => {
  for (const of of [null, "", "person", "session", "session(gap=1h)", "session(event=a)"]) expect(entityOf(of)).toBeNull();
  expect(entityOf("account")).toBe("account");
  expect(["account", "company", "key", "batch", "box"].map(pluralOf)).toEqual(["accounts", "companies", "keys", "batches", "boxes"]);
});
