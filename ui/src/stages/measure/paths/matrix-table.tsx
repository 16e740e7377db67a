/** A matrix of positions: the share at every step, so many steps before and after; cells open their people. */

import type { MatrixRow } from "@/api/types.ts";
import { count, percent } from "@/lib/format.ts";
import { quoted } from "@/lib/cells.ts";
import { ownersOf, useWhole } from "@/stages/measure/funnel-counted.ts";
import { placeOf } from "@/stages/measure/paths/stream.ts";
import { likelyShare } from "@/stages/measure/sentences.ts";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { Figure } from "@/ui/figure.tsx";
import classes from "@/stages/measure/answer.module.css";

/** The matrix of all, of one part, or of one side. */
export interface Side {
  readonly name: string;
  readonly walks: number;
  readonly rows: readonly MatrixRow[];
  readonly open: (cell: string, title: string) => void;
}

interface MatrixProps {
  readonly side: Side;
  readonly positions: readonly number[];
  readonly why: string | null;
}

export function MatrixTable({ side, positions, why }: MatrixProps) {
  const owners = ownersOf(useWhole());
  const name = (row: MatrixRow) => (row.joins == null ? row.state : `${count(row.joins)} others`);
  const word = (row: MatrixRow) => (row.kind === "state" ? quoted(row.state) : `(${row.kind})`);
  const cell = (row: MatrixRow, k: number) => {
    const [n, share, at] = [row.counts[k] ?? 0, row.shares[k] ?? 0, positions[k] ?? 0];
    if (n === 0) return "";
    const lines = [`${count(n)} of ${count(side.walks)}; a click opens them.`, why === null ? `${likelyShare(row.intervals[k] ?? null)} (95 %).` : "Too few for an interval."];
    return (
      <span className={classes.cell} style={{ background: `color-mix(in srgb, var(${row.kind === "state" ? "--accent-line" : "--line"}) ${Math.round(share * 70)}%, transparent)` }}>
        <Figure meaning={{ what: `${name(row)}, ${placeOf(at)}.`, lines }} onOpen={() => side.open(`${at} ${word(row)}`, `${owners.name} at ${name(row)}, ${placeOf(at)}`)}>
          {percent(share)}
        </Figure>
      </span>
    );
  };
  const columns: readonly ColumnOf<MatrixRow>[] = [
    { name: "Step", show: (row) => (row.kind === "state" ? name(row) : <span className={classes.words}>{name(row)}</span>) },
    ...positions.map((at, k): ColumnOf<MatrixRow> => ({ name: at > 0 ? `+${at}` : String(at).replace("-", "\u2212"), right: true, show: (row) => cell(row, k) })),
  ];
  return <DataTable caption={`${side.name ? `${side.name}: share` : "Share"} of ${count(side.walks)} at each step, so many steps before and after; every column adds up to 100 %`} columns={columns} rows={side.rows} keyOf={(row) => `${row.kind} ${row.state}`} />;
}
