/** Sessions: how many, how busy and how long, for one selection or for two. */

import { useAddress } from "@/api/address.ts";
import { useExplore } from "@/api/explore.ts";
import { useAnswer, useDifference } from "@/api/measure-queries.ts";
import type { Difference, Sessions, SessionsDiff } from "@/api/types.ts";
import { toCsv } from "@/lib/csv.ts";
import { count, duration } from "@/lib/format.ts";
import { cellOf } from "@/stages/measure/number-of.ts";
import { Room } from "@/stages/measure/room.tsx";
import { sessionsDiffSentence, sessionsSentence } from "@/stages/measure/sentences.ts";
import { SessionsBuilder } from "@/stages/measure/sessions-builder.tsx";
import { stateOf } from "@/stages/measure/state-of.tsx";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { Figure } from "@/ui/figure.tsx";
import classes from "./answer.module.css";
import { Worded } from "@/ui/worded.tsx";

export function SessionsRoom() {
  const { asked, selection, against } = useExplore();
  const { see } = useAddress();
  const one = useAnswer<Sessions>({ question: "sessions", asked, selection, enabled: against === null });
  const two = useDifference<SessionsDiff>({ question: "sessions", asked, selection, enabled: against !== null });
  const query = against ? two : one;
  const shared = { question: "sessions" as const, builder: <SessionsBuilder /> };
  const state = stateOf(query, "Counting sessions");
  const diff = against ? (two.data ?? null) : null;
  const answer = against ? null : (one.data ?? null);
  if (state || !(diff ?? answer)) return <Room {...shared} headline="" body={state} />;
  const open = (of: typeof selection, side: string) => see({ people: cellOf({ question: "sessions", asked, selection: of }, "entities", `People with a session${side}`) });
  const sides = diff && against ? [{ name: "A", found: diff.a, of: selection }, { name: "B", found: diff.b, of: against }] : answer ? [{ name: "", found: answer, of: selection }] : [];
  return (
    <Room
      {...shared}
      headline={diff ? sessionsDiffSentence(diff) : answer ? sessionsSentence(answer) : ""}
      stale={query.isPlaceholderData}
      csv={() => csvOf(sides.map(({ name, found }) => [name, found]))}
      body={
        <div className={classes.answer}>
          {sides.map(({ name, found, of }) => (
            <div key={name}>
              {name && <p className={classes.side}>{name}</p>}
              <Figures found={found} openPeople={() => open(of, name && ` in ${name}`)} />
            </div>
          ))}
          {diff && <Differences diff={diff} />}
        </div>
      }
    />
  );
}

function Figures({ found, openPeople }: { readonly found: Sessions; readonly openPeople: () => void }) {
  const range = (interval: readonly [number, number] | null, text: (value: number) => string) => (interval ? `likely ${text(interval[0])} to ${text(interval[1])}` : "too few to say how sure");
  return (
    <dl className={classes.figures}>
      <div className={classes.figure}>
        <dt>
          <Worded text="People with a session" />
        </dt>
        <dd>
          <Figure meaning={{ what: "People with an event in this selection.", lines: ["A click opens them."] }} onOpen={openPeople}>
            {count(found.entities)}
          </Figure>
        </dd>
      </div>
      <div className={classes.figure}>
        <dt>
          <Worded text="Sessions" />
        </dt>
        <dd>{count(found.sessions)}</dd>
      </div>
      <div className={classes.figure}>
        <dt>
          <Worded text="Events in the middle one" />
        </dt>
        <dd>
          {found.median_events === null ? "not known" : count(found.median_events)} <span className={classes.words}>{range(found.median_events_interval, count)}</span>
        </dd>
      </div>
      <div className={classes.figure}>
        <dt>
          <Worded text="Length of the middle one" />
        </dt>
        <dd>
          {found.median_seconds === null ? "not known" : duration(found.median_seconds)} <span className={classes.words}>{range(found.median_seconds_interval, duration)}</span>
        </dd>
      </div>
    </dl>
  );
}

interface DiffRow {
  readonly name: string;
  readonly one: Difference;
  readonly text: (value: number) => string;
}

function Differences({ diff }: { readonly diff: SessionsDiff }) {
  const rows: readonly DiffRow[] = [
    { name: "Sessions a person", one: diff.per_entity, text: count },
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

function csvOf(sides: readonly (readonly [string, Sessions])[]): string {
  return toCsv(
    ["side", "sessions", "people", "median_events", "median_seconds"],
    sides.map(([name, found]) => [name, found.sessions, found.entities, found.median_events, found.median_seconds]),
  );
}
