/** Sessions as tables: how their numbers are spread, what they begin and end with, their parts, and A against B. */

import type { PeopleOf } from "@/api/people-of.ts";
import type { Difference, SessionEdge, Sessions, SessionsDiff, SessionsOf, Spread } from "@/api/types.ts";
import { partWord, quoted } from "@/lib/cells.ts";
import { count, duration, likely, percent } from "@/lib/format.ts";
import { ownersOf, useWhole } from "@/stages/measure/funnel-counted.ts";
import { UNKNOWN } from "@/stages/measure/number-of.ts";
import { cellOf, type Ground } from "@/stages/measure/number-of.ts";
import { likelyShare } from "@/stages/measure/sentences.ts";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { Figure } from "@/ui/figure.tsx";
import classes from "./answer.module.css";

const SHOWN = 12;

interface Spreading {
  readonly name: string;
  readonly one: Spread;
  readonly text: (value: number) => string;
}

/** Mean and quartiles of the three numbers of sessions. */
export function SpreadTable({ found, side }: { readonly found: Sessions; readonly side: string }) {
  const owners = ownersOf(useWhole());
  const rows: readonly Spreading[] = [
    { name: "Events of a session", one: found.events, text: count },
    { name: "Length of a session", one: found.seconds, text: duration },
    { name: `Sessions of ${owners.a}`, one: found.per_entity, text: count },
  ];
  const quarter = (row: Spreading, k: number) => {
    const [value, interval] = [row.one.quartiles[k], row.one.quartile_intervals[k] ?? null];
    if (value === undefined) return "";
    return <Figure meaning={{ what: `${row.name}: ${["a quarter", "half", "three quarters"][k] ?? ""} of them have no more.`, lines: [interval ? `${likely(interval, row.text)} (95 %, Woodruff).` : "Too few for an interval."] }}>{row.text(value)}</Figure>;
  };
  const columns: readonly ColumnOf<Spreading>[] = [
    { name: "Of", show: (row) => row.name },
    { name: "A quarter up to", right: true, show: (row) => quarter(row, 0) },
    { name: "Half up to", right: true, show: (row) => quarter(row, 1) },
    { name: "Three quarters up to", right: true, show: (row) => quarter(row, 2) },
    {
      name: "Average",
      right: true,
      show: (row) => row.one.mean !== null && <Figure meaning={{ what: `${row.name}, on average.`, lines: [row.one.mean_interval ? `${likely(row.one.mean_interval, row.text)} (95 %, jackknife over ${owners.many}).` : "Too few for an interval."] }}>{row.text(row.one.mean)}</Figure>,
    },
  ];
  return <DataTable caption={`How sessions are spread${side && ` in ${side}`}`} columns={columns} rows={rows} keyOf={(row) => row.name} />;
}

interface EdgeProps {
  readonly found: Sessions;
  readonly ground: Ground;
  readonly side: string;
  readonly open: (of: PeopleOf) => void;
}

/** The events with which sessions begin and end, the commonest first. */
export function EdgeTables({ found, ground, side, open }: EdgeProps) {
  const owners = ownersOf(useWhole());
  const table = (word: "begins" | "ends", edges: readonly SessionEdge[]) => {
    const columns: readonly ColumnOf<SessionEdge>[] = [
      { name: word === "begins" ? "Begins with" : "Ends with", sort: (row) => row.event, show: (row) => row.event },
      { name: "Sessions", right: true, sort: (row) => row.sessions, show: (row) => count(row.sessions) },
      {
        name: "Of all",
        right: true,
        sort: (row) => row.share,
        show: (row) => <Figure meaning={{ what: `Share of all sessions that ${word.replace("s", "")} with it.`, lines: [row.interval ? `${likelyShare(row.interval)} (95 %, jackknife over ${owners.many}).` : (row.why ?? "")] }}>{percent(row.share)}</Figure>,
      },
      {
        name: owners.name,
        right: true,
        sort: (row) => row.entities,
        show: (row) => (
          <Figure meaning={{ what: `${owners.name} with a session that ${word} with ${row.event}.`, lines: ["A click opens them."] }} onOpen={() => open(cellOf(ground, `${word} ${quoted(row.event)}`, `${owners.name} with a session that ${word} with ${row.event}`))}>
            {count(row.entities)}
          </Figure>
        ),
      },
    ];
    const left = edges.length - SHOWN;
    return <DataTable caption={`What sessions ${word === "begins" ? "begin" : "end"} with${side && ` in ${side}`}${left > 0 ? `; ${count(left)} rarer events are in the CSV` : ""}`} columns={columns} rows={edges.slice(0, SHOWN)} keyOf={(row) => row.event} />;
  };
  return (
    <>
      {table("begins", found.begins)}
      {table("ends", found.ends)}
    </>
  );
}

/** The sessions of each value of a trait. */
export function PartsTable({ parts, ground, open }: { readonly parts: readonly SessionsOf[]; readonly ground: Ground; readonly open: (of: PeopleOf) => void }) {
  const owners = ownersOf(useWhole());
  const name = (row: SessionsOf) => (row.others != null ? `${count(row.others)} rarer ones` : (row.value ?? UNKNOWN));
  const columns: readonly ColumnOf<SessionsOf>[] = [
    { name: "Of", sort: name, show: name },
    {
      name: owners.name,
      right: true,
      sort: (row) => row.entities,
      show: (row) => (
        <Figure meaning={{ what: `${owners.name} of ${name(row)} with a session.`, lines: ["A click opens them."] }} onOpen={() => open(cellOf(ground, `entities | ${partWord(row.value, row.others)}`, `${owners.name} with a session: ${name(row)}`))}>
          {count(row.entities)}
        </Figure>
      ),
    },
    { name: "Sessions", right: true, sort: (row) => row.sessions, show: (row) => count(row.sessions) },
    { name: `Of ${owners.a}, average`, right: true, sort: (row) => row.per_entity.mean, show: (row) => row.per_entity.mean !== null && count(row.per_entity.mean) },
    { name: "Events in the middle one", right: true, sort: (row) => row.median_events, show: (row) => row.median_events !== null && count(row.median_events) },
    { name: "Length of the middle one", right: true, sort: (row) => row.median_seconds, show: (row) => row.median_seconds !== null && duration(row.median_seconds) },
  ];
  return <DataTable caption="Broken down" columns={columns} rows={[...parts].sort((a, b) => b.entities - a.entities)} keyOf={(row) => `${row.value ?? ""} ${row.others ?? ""}`} />;
}

interface DiffRow {
  readonly name: string;
  readonly one: Difference;
  readonly text: (value: number) => string;
}

export function DiffTable({ diff }: { readonly diff: SessionsDiff }) {
  const owners = ownersOf(useWhole());
  const rows: readonly DiffRow[] = [
    { name: `Sessions of ${owners.a}`, one: diff.per_entity, text: count },
    { name: "Events a session, on average", one: diff.events, text: count },
    { name: "Length of a session, on average", one: diff.seconds, text: duration },
  ];
  const shown = (row: DiffRow, value: number | null) => (value === null ? "" : row.text(value));
  const columns: readonly ColumnOf<DiffRow>[] = [
    { name: "Figure", show: (row) => row.name },
    { name: "A", right: true, show: (row) => shown(row, row.one.a) },
    { name: "B", right: true, show: (row) => shown(row, row.one.b) },
    { name: "In words", show: (row) => <span className={classes.words}>{row.one.words}</span> },
  ];
  return <DataTable caption="A against B" columns={columns} rows={rows} keyOf={(row) => row.name} />;
}
