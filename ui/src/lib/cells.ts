/** Cells of answers as the API writes them: `cart > purchase | mobile`, names quoted where they must be. */

export const OTHER = "(other)";

/** A name so that it can stand in a cell: in JSON's quotes where it could be read as something else. */
export function quoted(name: string): string {
  const plain = name !== "" && name === name.trim() && !/[">|]|^\(|^None$|^-?\d/u.test(name);
  return plain ? name : JSON.stringify(name);
}

/** The cell of a move. */
export function moveCell(from: string, to: string): string {
  return `${quoted(from)} > ${quoted(to)}`;
}

/** What the API calls a part; null is the value of those of whom it is not known, `others` how many rare ones it joins. */
export function partWord(value: string | null, others: number | null = null): string {
  if (others !== null) return OTHER;
  return value === null ? "None" : quoted(value);
}

/** The cell of a step of a funnel, such as `reached 2` or `reached 2 by 60s`; `part` is a part as the API calls it. */
export function funnelCell(cell: string, part: string | null): string {
  return part === null ? cell : `${cell} of ${part}`;
}

/** A state at a level; `joins` is there where others stand together. */
export function stateCell(level: number, state: string, joins?: number | null): string {
  return `${level} ${joins == null ? quoted(state) : OTHER}`;
}

/** One part of a breakdown behind a cell of ways; nothing for the whole. */
export function partOf(part: { readonly value: string | null; readonly others?: number | null } | null): string {
  return part === null ? "" : ` | ${partWord(part.value, part.others ?? null)}`;
}

/** A name as a pattern takes it: in quotes where it is no plain word, or a word of patterns. */
export function patternName(name: string): string {
  const plain = /^[\p{L}\p{N}_][\p{L}\p{N}_-]*$/u.test(name) && name !== "start" && name !== "end";
  return plain ? name : `"${name}"`;
}
