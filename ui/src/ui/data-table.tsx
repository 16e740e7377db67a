/** A table of plain rows: sortable, with a caption, and as CSV. */

import { type ReactNode, useState } from "react";
import { type SortValue, sortRows } from "@/lib/sort-rows.ts";
import classes from "./data-table.module.css";
import { Defined, Worded } from "@/ui/worded.tsx";

export interface ColumnOf<Row> {
  readonly name: string;
  readonly right?: boolean;
  readonly sort?: (row: Row) => SortValue;
  readonly show: (row: Row) => ReactNode;
}

interface DataTableProps<Row> {
  readonly caption: string;
  readonly columns: readonly ColumnOf<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
}

interface Sorting {
  readonly column: string;
  readonly down: boolean;
}

export function DataTable<Row>({ caption, columns, rows, keyOf }: DataTableProps<Row>) {
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const by = columns.find((column) => column.name === sorting?.column);
  const sorted = sorting ? sortRows(rows, by?.sort, sorting.down) : rows;
  const press = (name: string) =>
    setSorting((now) => (now?.column === name ? (now.down ? { column: name, down: false } : null) : { column: name, down: true }));
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={caption}>
      <table className={classes.table}>
        <caption className={classes.caption}>
          <Worded text={caption} />
        </caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" data-right={column.right} aria-sort={direction(column.name, sorting)}>
                {column.sort ? (
                  <Defined text={column.name}>
                    <button type="button" className={classes.sort} onClick={() => press(column.name)}>
                      {column.name}
                      <span aria-hidden="true">{arrow(column.name, sorting)}</span>
                    </button>
                  </Defined>
                ) : (
                  <Worded text={column.name} />
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column) => (
                <td key={column.name} data-right={column.right}>
                  {column.show(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function direction(name: string, sorting: Sorting | null): "ascending" | "descending" | undefined {
  if (sorting?.column !== name) return undefined;
  return sorting.down ? "descending" : "ascending";
}

function arrow(name: string, sorting: Sorting | null): string {
  if (sorting?.column !== name) return "";
  return sorting.down ? " ↓" : " ↑";
}
