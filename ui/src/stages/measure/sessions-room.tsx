/** Sessions: how many, how busy and how long, and what they begin and end with, for one selection or for two. */

import { useAddress } from "@/api/address.ts";
import { useExplore } from "@/api/explore.ts";
import { useAnswer, useDifference } from "@/api/measure-queries.ts";
import type { PeopleOf } from "@/api/people-of.ts";
import type { Choices, Sessions, SessionsDiff } from "@/api/types.ts";
import { toCsv } from "@/lib/csv.ts";
import { type Counted, ownersOf, wholeOf } from "@/stages/measure/funnel-counted.ts";
import type { Ground } from "@/stages/measure/number-of.ts";
import { Room } from "@/stages/measure/room.tsx";
import { sessionsDiffSentence, sessionsSentence } from "@/stages/measure/sentences.ts";
import { SessionsBuilder } from "@/stages/measure/sessions-builder.tsx";
import { SessionsFigures } from "@/stages/measure/sessions-figures.tsx";
import { DiffTable, EdgeTables, PartsTable, SpreadTable } from "@/stages/measure/sessions-tables.tsx";
import { stateOf } from "@/stages/measure/state-of.tsx";
import classes from "./answer.module.css";

interface Side {
  readonly name: string;
  readonly found: Sessions;
  readonly ground: Ground;
}

export function SessionsRoom({ choices }: { readonly choices: Choices }) {
  const { asked, selection, against } = useExplore();
  const { see } = useAddress();
  const one = useAnswer<Sessions>({ question: "sessions", asked, selection, enabled: against === null });
  const two = useDifference<SessionsDiff>({ question: "sessions", asked, selection, enabled: against !== null });
  const query = against ? two : one;
  const shared = { question: "sessions" as const, builder: <SessionsBuilder choices={choices} /> };
  const state = stateOf(query, "Counting sessions");
  const diff = against ? (two.data ?? null) : null;
  const answer = against ? null : (one.data ?? null);
  if (state || !(diff ?? answer)) return <Room {...shared} headline="" body={state} />;
  const counted = wholeOf(asked.of);
  const ground: Ground = { question: "sessions", asked, selection };
  const sides: readonly Side[] =
    diff && against ? [{ name: "A", found: diff.a, ground }, { name: "B", found: diff.b, ground: { ...ground, selection: against } }] : answer ? [{ name: "", found: answer, ground }] : [];
  const open = (people: PeopleOf) => see({ people });
  return (
    <Room
      {...shared}
      headline={diff ? sessionsDiffSentence(diff, counted) : answer ? sessionsSentence(answer, counted) : ""}
      stale={query.isPlaceholderData}
      csv={() => csvOf(sides, counted)}
      body={
        <div className={classes.answer}>
          {diff && <DiffTable diff={diff} />}
          {sides.map((side) => (
            <SideOf key={side.name} {...side} open={open} />
          ))}
          {answer?.by && <PartsTable parts={answer.by} ground={ground} open={open} />}
        </div>
      }
    />
  );
}

function SideOf({ name, found, ground, open }: Side & { readonly open: (people: PeopleOf) => void }) {
  return (
    <div className={classes.answer}>
      {name && <p className={classes.side}>{name}</p>}
      <SessionsFigures found={found} ground={ground} side={name} open={open} />
      {found.sessions > 0 && (
        <>
          <SpreadTable found={found} side={name} />
          <EdgeTables found={found} ground={ground} side={name} open={open} />
        </>
      )}
    </div>
  );
}

function csvOf(sides: readonly Side[], counted: Counted): string {
  const spread = (name: string, what: string, { mean, quartiles }: Sessions["events"]) => [name, what, "", null, null, mean, quartiles[0] ?? null, quartiles[1] ?? null, quartiles[2] ?? null];
  return toCsv(
    ["side", "what", "event", "sessions", "people", "mean_or_share", "quarter", "half", "three_quarters"],
    sides.flatMap(({ name, found }) => [
      [name, "all", "", found.sessions, found.entities, null, null, null, null],
      spread(name, "events of a session", found.events),
      spread(name, "seconds of a session", found.seconds),
      spread(name, `sessions of ${ownersOf(counted).a}`, found.per_entity),
      ...found.begins.map((one) => [name, "begins with", one.event, one.sessions, one.entities, one.share, null, null, null]),
      ...found.ends.map((one) => [name, "ends with", one.event, one.sessions, one.entities, one.share, null, null, null]),
    ]),
  );
}
