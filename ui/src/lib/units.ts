/** What journeys are cut into, as the API writes it: `session(gap=1h)`, `session(id=visit)`, `session(event=Login)`. */

export interface Unit {
  readonly by: "person" | "gap" | "id" | "event";
  readonly what: string;
}

/** Read `of`; null and `person` are whole journeys, `session` is a pause of 30 minutes. */
export function readUnit(of: string | null): Unit {
  const found = /^session(?:\((gap|id|event)=([^]+)\))?$/u.exec(of ?? "");
  if (!found) return { by: "person", what: "" };
  const by = found[1];
  return by === "id" || by === "event" ? { by, what: found[2] ?? "" } : { by: "gap", what: found[2] ?? "30m" };
}

/** Write `of`; null where the unit is whole journeys, or what cuts them is not said yet. */
export function writeUnit({ by, what }: Unit): string | null {
  return by === "person" || what === "" ? null : `session(${by}=${what})`;
}
