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

/** The declared entity that `of` names, such as an account; null for people and whatever their journeys are cut into. */
export function entityOf(of: string | null): string | null {
  return of === null || of === "" || of === "person" || readUnit(of).by !== "person" ? null : of;
}

/** Several of an entity: accounts, companies, batches. */
export function pluralOf(name: string): string {
  if (/[^aeiou]y$/u.test(name)) return `${name.slice(0, -1)}ies`;
  return /(s|x|ch|sh)$/u.test(name) ? `${name}es` : `${name}s`;
}

/** Write `of`; null where the unit is whole journeys, or what cuts them is not said yet. */
export function writeUnit({ by, what }: Unit): string | null {
  return by === "person" || what === "" ? null : `session(${by}=${what})`;
}
