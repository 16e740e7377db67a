/** Many shares of A against B in one table: the clearest differences first. */

import { useState } from "react";
import type { Difference } from "@/api/types.ts";
import { count, percent } from "@/lib/format.ts";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import classes from "@/stages/measure/answer.module.css";

export interface Differing {
  readonly key: string;
  readonly first: string;
  readonly what: string;
  readonly share: Difference;
}

const ROWS = 60;

/** How far a difference is from none: the near end of what is likely; below 0 where it cannot be told. */
export function clearness({ interval }: Difference): number {
  if (!interval) return -2;
  const [low, high] = interval;
  if (low > 0) return low;
  return high < 0 ? -high : -1;
}

export function clearest(rows: readonly Differing[]): readonly Differing[] {
  return [...rows].sort((a, b) => clearness(b.share) - clearness(a.share) || Math.abs(b.share.difference ?? 0) - Math.abs(a.share.difference ?? 0));
}

export function DifferencesTable({ rows, first }: { readonly rows: readonly Differing[]; readonly first: string }) {
  const [all, setAll] = useState(false);
  const sorted = clearest(rows);
  const share = (value: number | null) => (value === null ? "" : percent(value));
  const columns: readonly ColumnOf<Differing>[] = [
    ...(first ? [{ name: first, show: (row: Differing) => row.first }] : []),
    { name: "What", show: (row) => row.what },
    { name: "A", right: true, sort: (row) => row.share.a, show: (row) => share(row.share.a) },
    { name: "B", right: true, sort: (row) => row.share.b, show: (row) => share(row.share.b) },
    { name: "In words", show: (row) => <span className={classes.words}>{row.share.words}</span> },
  ];
  const hidden = sorted.length - ROWS;
  return (
    <div>
      <DataTable caption="A against B, the clearest first" columns={columns} rows={all ? sorted : sorted.slice(0, ROWS)} keyOf={(row) => row.key} />
      {hidden > 0 && (
        <button type="button" className={classes.link} onClick={() => setAll(!all)}>
          {all ? "Show the clearest only" : `Show ${count(hidden)} less clear ones`}
        </button>
      )}
    </div>
  );
}
