/** Moves as a table: all of one selection, or A against B; numbers of people open them. */

import type { Edge, EdgeDiff, Transitions, TransitionsDiff } from "@/api/types.ts";
import { count, duration, likely, money, percent } from "@/lib/format.ts";
import { ownersOf, useWhole } from "@/stages/measure/funnel-counted.ts";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { Figure } from "@/ui/figure.tsx";
import classes from "./answer.module.css";

const ROWS = 300;

interface Move {
  readonly from: string;
  readonly to: string;
}

const ends: readonly [ColumnOf<Move>, ColumnOf<Move>] = [
  { name: "From", sort: (edge) => edge.from, show: (edge) => edge.from },
  { name: "To", sort: (edge) => edge.to, show: (edge) => (edge.from === edge.to ? <span className={classes.words}>again</span> : edge.to) },
];

interface FlowTableProps {
  readonly answer: Transitions;
  /** All moves, the commonest first. */
  readonly edges: readonly Edge[];
  readonly who: string;
  readonly open: (edge: Move) => void;
}

export function FlowTable({ answer, edges, who, open }: FlowTableProps) {
  const owners = ownersOf(useWhole());
  const leaving = new Map<string, number>();
  for (const edge of edges) leaving.set(edge.from, (leaving.get(edge.from) ?? 0) + edge.count);
  const share = (edge: Edge) => edge.count / (leaving.get(edge.from) ?? 1);
  const columns: readonly ColumnOf<Edge>[] = [
    ...ends,
    { name: "Times", right: true, sort: (edge) => edge.count, show: (edge) => count(edge.count) },
    { name: "Of all moves from there", right: true, sort: share, show: (edge) => percent(share(edge)) },
    {
      name: who,
      right: true,
      sort: (edge) => edge.entities ?? 0,
      show: (edge) => (
        <Figure meaning={{ what: `${who} with this move, at least once.`, lines: ["A click opens them."] }} onOpen={() => open(edge)}>
          {count(edge.entities ?? 0)}
        </Figure>
      ),
    },
    {
      name: "Time, average",
      right: true,
      sort: (edge) => edge.mean_seconds,
      show: (edge) => (
        <Figure meaning={{ what: "Time between the two events, on average.", lines: [edge.mean_interval ? `Likely ${duration(edge.mean_interval[0])} to ${duration(edge.mean_interval[1])} (95 %, jackknife over groups of ${owners.many}).` : (edge.why ?? ""), ...carried(edge.carried_by)] }}>
          {duration(edge.mean_seconds)}
        </Figure>
      ),
    },
    ...(answer.currency == null ? [] : [moneyColumn(answer.currency, owners.many)]),
  ];
  const hidden = edges.length - ROWS;
  return <DataTable caption={`${count(edges.length)} moves${hidden > 0 ? `; the ${count(hidden)} smallest are in the CSV` : ""}`} columns={columns} rows={edges.slice(0, ROWS)} keyOf={(edge) => `${edge.from} ${edge.to}`} />;
}

function carried(by: Edge["carried_by"]): readonly string[] {
  return by ? [`${by.entity} alone carries ${percent(by.share)} of it.`] : [];
}

function moneyColumn(currency: string, many: string): ColumnOf<Edge> {
  const text = (value: number) => money(value, currency);
  return {
    name: "Net money",
    right: true,
    sort: (edge) => edge.money,
    show: (edge) =>
      edge.money !== null && (
        <Figure meaning={{ what: "Net money of the events that this move goes to, all together.", lines: [edge.money_interval ? `${likely(edge.money_interval, text)} (95 %, jackknife over groups of ${many}).` : "Too few for an interval.", ...carried(edge.money_carried_by)] }}>
          {text(edge.money)}
        </Figure>
      ),
  };
}

interface FlowDiffTableProps {
  readonly diff: TransitionsDiff;
  /** The moves compared, the clearest differences first. */
  readonly edges: readonly EdgeDiff[];
  readonly who: string;
  readonly open: (edge: Move, side: "A" | "B") => void;
}

export function FlowDiffTable({ diff, edges, who, open }: FlowDiffTableProps) {
  const share = (value: number | null) => (value === null ? "" : percent(value));
  const people = (side: "A" | "B"): ColumnOf<EdgeDiff> => {
    const of = (edge: EdgeDiff) => (side === "A" ? edge.entities_a : edge.entities_b) ?? 0;
    return {
      name: `${who} in ${side}`,
      right: true,
      sort: of,
      show: (edge) => (
        <Figure meaning={{ what: `${who} with this move in ${side}, at least once.`, lines: ["A click opens them."] }} onOpen={() => open(edge, side)}>
          {count(of(edge))}
        </Figure>
      ),
    };
  };
  const columns: readonly ColumnOf<EdgeDiff>[] = [
    ...ends,
    { name: "A", right: true, sort: (edge) => edge.share.a, show: (edge) => share(edge.share.a) },
    { name: "B", right: true, sort: (edge) => edge.share.b, show: (edge) => share(edge.share.b) },
    {
      name: "Of all moves from there, in words",
      sort: (edge) => edge.share.q,
      show: (edge) => (
        <Figure className={classes.words} meaning={{ what: "Of differences at least this clear, so many are chance (Benjamini-Hochberg over all moves compared).", lines: [edge.share.q == null ? (edge.share.why ?? "") : percent(edge.share.q)] }}>
          {edge.share.words}
        </Figure>
      ),
    },
    { name: "Time, in words", sort: (edge) => edge.seconds.q, show: (edge) => <span className={classes.words}>{edge.seconds.words}</span> },
    people("A"),
    people("B"),
  ];
  const hidden = edges.length - ROWS;
  const left = diff.left_out > 0 ? `; ${count(diff.left_out)} rarer moves are not compared` : "";
  return <DataTable caption={`A against B: ${count(edges.length)} moves${left}${hidden > 0 ? `; the ${count(hidden)} least clear are in the CSV` : ""}`} columns={columns} rows={edges.slice(0, ROWS)} keyOf={(edge) => `${edge.from} ${edge.to}`} />;
}
