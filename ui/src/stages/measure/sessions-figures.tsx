/** The figures of sessions that are read first: people, sessions, and the middle one. */

import type { PeopleOf } from "@/api/people-of.ts";
import type { Sessions } from "@/api/types.ts";
import { count, duration } from "@/lib/format.ts";
import { ownersOf, useWhole } from "@/stages/measure/funnel-counted.ts";
import { cellOf, type Ground } from "@/stages/measure/number-of.ts";
import { Figure } from "@/ui/figure.tsx";
import { Worded } from "@/ui/worded.tsx";
import classes from "./answer.module.css";

interface FiguresProps {
  readonly found: Sessions;
  readonly ground: Ground;
  readonly side: string;
  readonly open: (of: PeopleOf) => void;
}

export function SessionsFigures({ found, ground, side, open }: FiguresProps) {
  const range = (interval: readonly [number, number] | null, text: (value: number) => string) => (interval ? `likely ${text(interval[0])} to ${text(interval[1])}` : "too few to say how sure");
  const { name } = ownersOf(useWhole());
  const people = () => open(cellOf(ground, "entities", `${name} with a session${side && ` in ${side}`}`));
  return (
    <dl className={classes.figures}>
      <One name={`${name} with a session`}>
        <Figure meaning={{ what: `${name} with a session in this selection.`, lines: ["A click opens them."] }} onOpen={people}>
          {count(found.entities)}
        </Figure>
      </One>
      <One name="Sessions">{count(found.sessions)}</One>
      <One name="Events in the middle one" doubt={range(found.median_events_interval, count)}>
        {found.median_events === null ? "not known" : count(found.median_events)}
      </One>
      <One name="Length of the middle one" doubt={range(found.median_seconds_interval, duration)}>
        {found.median_seconds === null ? "not known" : duration(found.median_seconds)}
      </One>
    </dl>
  );
}

function One({ name, doubt, children }: { readonly name: string; readonly doubt?: string; readonly children: React.ReactNode }) {
  return (
    <div className={classes.figure}>
      <dt>
        <Worded text={name} />
      </dt>
      <dd>
        {children} {doubt && <span className={classes.words}>{doubt}</span>}
      </dd>
    </div>
  );
}
