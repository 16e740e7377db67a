/** Cells of answers as the API writes them: `cart -> purchase | mobile`, names quoted where they must be. */

/** A name so that it can stand in a cell: in JSON's quotes where it holds a sign of cells. */
export function quoted(name: string): string {
  const plain = name !== "" && name === name.trim() && !['"', "|", "->"].some((sign) => name.includes(sign));
  return plain ? name : JSON.stringify(name);
}

/** The cell of a move. */
export function moveCell(from: string, to: string): string {
  return `${quoted(from)} -> ${quoted(to)}`;
}

/** What the API calls the value of a part; null is the part of those of whom it is not known. */
export function partWord(value: string | null): string {
  return value ?? "None";
}
