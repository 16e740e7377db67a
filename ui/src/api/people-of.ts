/** Whose list a number opens, as one word of the address. */

export type PeopleOf =
  | { readonly kind: "step"; readonly step: string }
  /** People of a step who did one of its signs. */
  | { readonly kind: "sign"; readonly step: string; readonly sign: string }
  | { readonly kind: "arrow"; readonly from: string; readonly to: string }
  /** A cell of an answer, as the answer writes it: the question's word, its whole query, and what the list is of. */
  | { readonly kind: "cell"; readonly word: string; readonly query: string; readonly title: string }
  | { readonly kind: "group"; readonly property: string; readonly value: string; readonly step: string };

export const EXIT = "exit";

/** Write the cell as text that `readPeopleOf` understands. */
export function writePeopleOf(of: PeopleOf): string {
  const parts =
    of.kind === "step"
      ? [of.step]
      : of.kind === "sign"
        ? [of.step, of.sign]
        : of.kind === "cell"
          ? [of.word, of.query, of.title]
          : of.kind === "arrow"
            ? [of.from, of.to]
            : [of.property, of.value, of.step];
  return [of.kind, ...parts.map(encode)].join("/");
}

/** Read a cell from the address; null when it is not one. */
export function readPeopleOf(text: string | null): PeopleOf | null {
  const [kind, first, second, third] = (text ?? "").split("/").map(decode);
  if (kind === "step" && first) return { kind, step: first };
  if (kind === "sign" && first && second) return { kind, step: first, sign: second };
  if (kind === "arrow" && first && second) return { kind, from: first, to: second };
  if (kind === "cell" && first && second && third) return { kind, word: first, query: second, title: third };
  if (kind === "group" && first && second !== undefined && third) return { kind, property: first, value: second, step: third };
  return null;
}

/** A word of the address is decoded once more on its way than it was encoded, so per cent signs do not stand in it. */
function encode(part: string): string {
  return encodeURIComponent(part).replaceAll("~", "%7E").replaceAll("%", "~");
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll("~", "%"));
  } catch {
    return part;
  }
}

/** Where a list is asked for. */
export function peoplePath(of: PeopleOf): string {
  return of.kind === "cell" ? `/api/measure/${of.word}/people` : "/api/journeys/people";
}

/** The cell as the query of an API call; a cell of an answer brings its whole query along. */
export function peopleQuery(of: Exclude<PeopleOf, { kind: "cell" }>): Record<string, string> {
  switch (of.kind) {
    case "step":
      return { step: of.step };
    case "sign":
      return { step: of.step, sign: of.sign };
    case "arrow":
      return { step: of.from, to_step: of.to };
    case "group":
      return { step: of.step, property: of.property, group: of.value };
  }
}
