/** Returns to steps and loops between two, as tables; numbers open their people. */

import type { Rework, ReworkLoop, ReworkState } from "@/api/types.ts";
import { count, duration, percent } from "@/lib/format.ts";
import { OTHER, quoted } from "@/lib/cells.ts";
import { many, ownersOf, useWhole } from "@/stages/measure/funnel-counted.ts";
import { likelyShare } from "@/stages/measure/sentences.ts";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { Figure } from "@/ui/figure.tsx";
import answer from "@/stages/measure/answer.module.css";
import classes from "./ways.module.css";

/** What turns back, of all, of one part or of one side. */
export interface Turns {
  readonly name: string;
  readonly states: readonly ReworkState[];
  readonly loops: readonly ReworkLoop[];
  readonly rest: Rework["rest"];
  readonly open: (cell: string, title: string) => void;
}

function Opening({ number, what, lines = [], onOpen }: { readonly number: number; readonly what: string; readonly lines?: readonly string[]; readonly onOpen: () => void }) {
  return (
    <Figure meaning={{ what, lines: [...lines, "A click opens them."] }} onOpen={onOpen}>
      {count(number)}
    </Figure>
  );
}

/** A median with what is likely, on hover. */
function Middle({ seconds, likely, what }: { readonly seconds: number | null; readonly likely: readonly [number, number] | null; readonly what: string }) {
  if (seconds === null) return null;
  const range = likely ? `Likely ${duration(likely[0])} to ${duration(likely[1])} (95 %).` : "Too few for an interval.";
  return <Figure meaning={{ what, lines: [range] }}>{duration(seconds)}</Figure>;
}

export function ReturnsTable({ turns: { name, states, open } }: { readonly turns: Turns }) {
  const counted = useWhole();
  const owners = ownersOf(counted);
  const called = (one: ReworkState) => (one.joins == null ? one.state : `${count(one.joins)} others`);
  const word = (one: ReworkState) => (one.joins == null ? quoted(one.state) : OTHER);
  const columns: readonly ColumnOf<ReworkState>[] = [
    { name: "Step", sort: called, show: called },
    { name: owners.name, right: true, sort: (one) => one.entities, show: (one) => <Opening number={one.entities} what={`${owners.who} come to ${called(one)}.`} onOpen={() => open(word(one), `${owners.who} come to ${called(one)}`)} /> },
    { name: "Come back", right: true, sort: (one) => one.returning, show: (one) => <Opening number={one.returning} what={`${owners.who} come back to ${called(one)} after something else.`} onOpen={() => open(`${word(one)} > (back)`, `${owners.who} come back to ${called(one)}`)} /> },
    { name: "Of them", right: true, sort: (one) => one.share, show: (one) => one.share !== null && <Figure meaning={{ what: "Of those who come there.", lines: [`${likelyShare(one.interval)} (95 %).`] }}>{percent(one.share)}</Figure> },
    { name: "Times", right: true, sort: (one) => one.returns, show: (one) => count(one.returns) },
    { name: "Back after, middle case", right: true, sort: (one) => one.median_seconds, show: (one) => <Middle seconds={one.median_seconds} likely={one.median_interval} what="Time from when they were last there, in the middle case." /> },
    { name: "Again at once", right: true, sort: (one) => one.again, show: (one) => <Figure meaning={{ what: "Events straight after one of the same step.", lines: [`By ${many(one.repeating, counted)}; a click opens them.`] }} onOpen={() => open(`${word(one)} > (again)`, `${owners.who} do ${called(one)} again at once`)}>{count(one.again)}</Figure> },
  ];
  return <DataTable caption={`${name ? `${name}: ` : ""}What ${owners.many} come back to`} columns={columns} rows={states} keyOf={word} />;
}

interface LoopRow {
  readonly key: string;
  readonly loop: ReworkLoop | null;
  readonly said: Omit<ReworkLoop, "state" | "through">;
}

export function LoopsTable({ turns: { name, loops, rest, open } }: { readonly turns: Turns }) {
  const owners = ownersOf(useWhole());
  const rows = [...loops.map((loop): LoopRow => ({ key: `${quoted(loop.state)} > ${quoted(loop.through)}`, loop, said: loop })), ...(rest.loops > 0 ? [{ key: `${OTHER} > ${OTHER}`, loop: null, said: rest }] : [])];
  const title = ({ loop }: LoopRow) => (loop ? `${owners.who} go from ${loop.state} to ${loop.through} and straight back` : `${owners.who} go in a rarer loop`);
  const columns: readonly ColumnOf<LoopRow>[] = [
    {
      name: "Back and forth",
      show: ({ loop }) =>
        loop ? (
          <span className={classes.row}>
            {loop.state} → {loop.through} → {loop.state}
          </span>
        ) : (
          <span className={answer.words}>{count(rest.loops)} others</span>
        ),
    },
    { name: owners.name, right: true, sort: (row) => row.said.entities, show: (row) => <Opening number={row.said.entities} what={`${title(row)}.`} onOpen={() => open(row.key, title(row))} /> },
    { name: "Of all", right: true, sort: (row) => row.said.share, show: (row) => row.said.share !== null && <Figure meaning={{ what: `Of all ${owners.many} of the selection.`, lines: [`${likelyShare(row.said.interval)} (95 %).`] }}>{percent(row.said.share)}</Figure> },
    { name: "Times", right: true, sort: (row) => row.said.count, show: (row) => count(row.said.count) },
    { name: "Back after, middle case", right: true, sort: (row) => row.said.median_seconds, show: (row) => <Middle seconds={row.said.median_seconds} likely={row.said.median_interval} what="Time from leaving to being back, in the middle case." /> },
  ];
  return <DataTable caption={`${name ? `${name}: ` : ""}Loops through one other step`} columns={columns} rows={rows} keyOf={(row) => row.key} />;
}
