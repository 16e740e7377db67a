/** What separates two groups as a table, and who is in neither group; numbers open their people. */

import type { Separates, Separating } from "@/api/types.ts";
import { count, percent } from "@/lib/format.ts";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { Figure } from "@/ui/figure.tsx";
import classes from "@/stages/measure/answer.module.css";
import { many, ownersOf, useWhole } from "@/stages/measure/funnel-counted.ts";

interface SeparatesProps {
  readonly found: Separates;
  readonly open: (cell: string, title: string) => void;
}

const ASIDE: Readonly<Record<string, string>> = {
  "began before": "began before the period",
  "at once": "reached the goal with their first event",
  "too young": "began too short a time ago",
  "on both sides": "stand on both sides",
};

/** Why they are in neither group; between two selections a cell also names the one that they are left out of. */
function whyAside(cell: string): string {
  const [, why, side] = /^(.*?)(?: in ([AB]))?$/su.exec(cell) ?? [];
  const said = ASIDE[why ?? cell] ?? cell;
  return side ? `${said} in ${side}` : said;
}

/** How many are compared, and who is left out and why. */
export function Aside({ found, open }: SeparatesProps) {
  const counted = useWhole();
  const owners = ownersOf(counted);
  const groups = [
    { cell: "A", size: found.a.size, name: found.a.name },
    { cell: "B", size: found.b.size, name: found.b.name },
  ];
  const out = Object.entries(found.aside).map(([cell, size]) => ({ cell, size, name: whyAside(cell) }));
  const one = ({ cell, size, name }: (typeof groups)[number]) => {
    const opens = size > 0;
    return (
      <Figure key={cell} meaning={{ what: `${many(size, counted)}: ${name}.`, lines: opens ? ["A click opens them."] : [] }} onOpen={opens ? () => open(cell, `${owners.name}: ${name}`) : undefined}>
        {count(size)}
      </Figure>
    );
  };
  return (
    <p className={classes.note}>
      A: {groups[0] && one(groups[0])} {found.a.name === "A" ? owners.many : found.a.name}. B: {groups[1] && one(groups[1])} {found.b.name === "B" ? owners.many : found.b.name}.
      {out.map((each) => (
        <span key={each.cell}>
          {" "}
          {one(each)} {each.name}.
        </span>
      ))}
      {found.rare > 0 && ` ${things(found.rare, "rarer thing was", "rarer things were")} not tested.`}
      {found.other_events > 0 && ` ${things(found.other_events, "rarer event was", "rarer events were")} not looked at.`}
      {found.more > 0 && ` ${things(found.more, "less sure thing is", "less sure things are")} not shown.`}
    </p>
  );
}

export function SeparatesTable({ found, open }: SeparatesProps) {
  const owners = ownersOf(useWhole());
  const share = (one: Separating, side: "A" | "B") => {
    const [number, of, shown] = side === "A" ? [one.a_count, one.a_of, one.a_share] : [one.b_count, one.b_of, one.b_share];
    const what = `${count(number)} of ${count(of)}${one.kind === "order" ? " who did both" : ""}.`;
    const lines = [...(side === "A" ? ["The share is weighted to the lengths of time of B."] : []), ...(number > 0 ? ["A click opens them."] : [])];
    return (
      <Figure meaning={{ what, lines }} onOpen={number > 0 ? () => open(`${side} ${one.label}`, `${owners.name} of ${side} with ${one.label}`) : undefined}>
        {percent(shown)}
      </Figure>
    );
  };
  const range = ({ interval }: Separating) => (interval ? `likely ${points(interval[0])} to ${points(interval[1])} (95 %).` : "Too few for an interval.");
  const columns: readonly ColumnOf<Separating>[] = [
    { name: "What", sort: (one) => one.label, show: (one) => one.label },
    { name: "A", right: true, sort: (one) => one.a_share, show: (one) => share(one, "A") },
    { name: "B", right: true, sort: (one) => one.b_share, show: (one) => share(one, "B") },
    { name: "Points apart", right: true, sort: (one) => one.difference, show: (one) => <Figure meaning={{ what: "B less A, in points.", lines: [range(one)] }}>{points(one.difference)}</Figure> },
    { name: "False among these", right: true, sort: (one) => one.q, show: (one) => <Figure meaning={{ what: "Of all things at least as sure as this one, so many are chance.", lines: [`q by Benjamini and Hochberg over ${count(found.tested)} things.`] }}>{percent(one.q)}</Figure> },
    { name: "In words", show: (one) => <span className={classes.words}>{one.words}</span> },
  ];
  return <DataTable caption="What goes together with A and with B, the surest first" columns={columns} rows={found.things} keyOf={(one) => one.label} />;
}

function things(number: number, one: string, several: string): string {
  return `${count(number)} ${number === 1 ? one : several}`;
}

function points(value: number): string {
  const shown = (100 * value).toFixed(Math.abs(value) < 0.1 ? 1 : 0);
  return value > 0 ? `+${shown}` : shown.replace("-", "−");
}
