/** Cells of answers about ways, as the API writes them. */

export const OTHER = "(other)";

/** A name of people's own, in quotes where it could be read as something else. */
export function quoted(name: string): string {
  const plain = name !== "" && name === name.trim() && !/[">|]|^\(|^None$|^-?\d/u.test(name);
  return plain ? name : JSON.stringify(name);
}

/** A state at a level; `joins` is there where others stand together. */
export function stateCell(level: number, state: string, joins?: number | null): string {
  return `${level} ${joins == null ? quoted(state) : OTHER}`;
}

/** One part of a breakdown behind a cell; nothing for the whole. */
export function partOf(part: { readonly value: string | null; readonly others?: number | null } | null): string {
  if (part === null) return "";
  return ` | ${part.others != null ? OTHER : part.value === null ? "None" : quoted(part.value)}`;
}

/** A name as a pattern takes it: in quotes where it is no plain word, or a word of patterns. */
export function patternName(name: string): string {
  const plain = /^[\p{L}\p{N}_][\p{L}\p{N}_-]*$/u.test(name) && name !== "start" && name !== "end";
  return plain ? name : `"${name}"`;
}
