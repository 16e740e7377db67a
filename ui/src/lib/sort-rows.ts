/** Sorting of table rows by one of their values. */

export type SortValue = number | string | null;

/** Rows by a value, up or down; what is not known comes last both ways. */
export function sortRows<Row>(rows: readonly Row[], of: ((row: Row) => SortValue) | undefined, down: boolean): readonly Row[] {
  if (!of) return rows;
  return [...rows].sort((a, b) => {
    const [x, y] = [of(a), of(b)];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    const order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y));
    return down ? -order : order;
  });
}
