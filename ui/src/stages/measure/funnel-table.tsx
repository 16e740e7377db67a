/** A funnel as a table: people, shares with what is likely, time, and who stopped; numbers open their people. */

import type { PeopleOf } from "@/api/people-of.ts";
import type { FunnelDiff, FunnelStep } from "@/api/types.ts";
import { funnelCell } from "@/lib/cells.ts";
import { count, percent } from "@/lib/format.ts";
import type { FunnelSeries } from "@/stages/measure/funnel-chart.ts";
import { arePeople, type Counted, many, manyOwners, ownersOf, wordsOf } from "@/stages/measure/funnel-counted.ts";
import { timeColumns } from "@/stages/measure/funnel-times.tsx";
import { cellOf, type Ground } from "@/stages/measure/number-of.ts";
import { likelyShare, neededBefore } from "@/stages/measure/sentences.ts";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { Figure } from "@/ui/figure.tsx";
import classes from "./answer.module.css";

interface FunnelTableProps {
  readonly series: readonly FunnelSeries[];
  readonly grounds: readonly Ground[];
  readonly diff: FunnelDiff | null;
  readonly counted: Counted;
  readonly open: (of: PeopleOf) => void;
}

export interface FunnelRow {
  readonly series: FunnelSeries;
  readonly k: number;
  readonly step: FunnelStep;
  /** The last step before it that must be taken; undefined for the first. */
  readonly before: FunnelStep | undefined;
  readonly words: string;
  /** Opens a cell of this step, such as `reached`. */
  readonly list: (cell: string, title: string) => void;
}

export function FunnelTable({ series, grounds, diff, counted, open }: FunnelTableProps) {
  const found = series.flatMap((one, place): FunnelRow[] =>
    one.steps.map((step, k) => ({
      series: one,
      k,
      step,
      before: k ? neededBefore(one.steps, k) : undefined,
      words: diff && place === 1 && k > 0 ? (diff.steps[k]?.from_first.words ?? "") : "",
      list: (cell, title) => open(cellOf(grounds[place] ?? (grounds[0] as Ground), funnelCell(cell, one.part), title)),
    })),
  );
  // A and B of a step stand under each other; the parts of a breakdown stay whole.
  const rows = diff ? [...found].sort((x, y) => x.k - y.k) : found;
  const columns: readonly ColumnOf<FunnelRow>[] = [
    ...(series.some((one) => one.name !== null) ? [{ name: diff ? "Side" : "Of", show: (row: FunnelRow) => row.series.name ?? "" }] : []),
    { name: "Step", show: (row) => <span className={classes.one}>{`${row.k + 1}. ${row.step.name}${row.step.optional ? ", may be left out" : ""}`}</span> },
    { name: capital(wordsOf(counted).many), right: true, show: (row) => <Reached row={row} counted={counted} /> },
    { name: "Of the first", right: true, show: (row) => <OfFirst row={row} counted={counted} /> },
    { name: "Likely", show: (row) => <span className={classes.one}>{row.k ? likelyShare(row.step.interval).replace(/^likely /, "") : ""}</span> },
    { name: "Of the step before", right: true, show: (row) => (row.k && row.step.from_previous !== null ? percent(row.step.from_previous) : "") },
    { name: "Stop before it", right: true, show: (row) => <Dropped row={row} counted={counted} /> },
    ...timeColumns(found, counted),
    ...(diff ? [{ name: "In words", show: (row: FunnelRow) => <span className={classes.words}>{row.words}</span> }] : []),
  ];
  return <DataTable caption={diff ? "A against B" : "The steps"} columns={columns} rows={rows} keyOf={(row) => `${row.series.name} ${row.k}`} />;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function Reached({ row, counted }: { readonly row: FunnelRow; readonly counted: Counted }) {
  const { step, k } = row;
  const owners = step.owners == null ? [] : [`They are of ${manyOwners(step.owners, counted)}.`];
  const lines = [`${many(step.entities, counted)}; a click opens ${arePeople(counted) ? "them" : "whose they are"}.`, ...owners];
  return (
    <Figure meaning={{ what: `${capital(wordsOf(counted).many)} with the steps up to ${step.name}.`, lines }} onOpen={() => row.list(`reached ${k + 1}`, `${ownersOf(counted).who} reached ${step.name}`)}>
      {count(step.entities)}
    </Figure>
  );
}

function OfFirst({ row, counted }: { readonly row: FunnelRow; readonly counted: Counted }) {
  if (row.step.from_first === null) return null;
  const how = arePeople(counted) ? "Wilson" : `a jackknife over ${ownersOf(counted).name.toLowerCase()}`;
  const lines = [row.k ? `${likelyShare(row.step.interval)} (95 %, ${how}).` : "All of them, by definition."];
  return <Figure meaning={{ what: "Share of those that took the first step.", lines }}>{percent(row.step.from_first)}</Figure>;
}

function Dropped({ row, counted }: { readonly row: FunnelRow; readonly counted: Counted }) {
  const { step, before, k } = row;
  if (!before) return null;
  const what = `Took ${before.name} and not ${step.name}.`;
  const lines = step.optional ? ["The step may be left out: they may have gone on.", "A click opens them."] : ["A click opens them."];
  return (
    <Figure meaning={{ what, lines }} onOpen={() => row.list(`dropped ${k + 1}`, step.optional ? `${ownersOf(counted).name} without ${step.name}` : `${ownersOf(counted).who} stopped before ${step.name}`)}>
      {count(before.entities - step.entities)}
    </Figure>
  );
}
