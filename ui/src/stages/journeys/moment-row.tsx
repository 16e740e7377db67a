/** One moment of a timeline: what happened, in which step, what it carried; or what was decided, and why. */

import type { Decided, Moment } from "@/api/types.ts";
import { moment as instant, money } from "@/lib/format.ts";
import { saidHere } from "@/stages/journeys/visits.ts";
import classes from "./timeline.module.css";

interface MomentRowProps {
  readonly moment: Moment;
  readonly timezone: string;
  readonly currency: string;
  readonly traits: Readonly<Record<string, string>>;
  /** Whether it is said where each event came from. */
  readonly sources: boolean;
  /** Opens the person of an event of an account; null on a person's own page. */
  readonly who: ((person: string) => string) | null;
}

export function MomentRow({ moment, timezone, currency, traits, sources, who }: MomentRowProps) {
  const said = saidHere(moment, traits).map(([name, value]) => `${name} ${value}`);
  if (sources && moment.source) said.push(`from ${moment.source}`);
  return (
    <li className={classes.moment} data-kind={moment.kind}>
      <time className={classes.time} dateTime={moment.time}>
        {instant(moment.time, timezone)}
      </time>
      <div className={classes.said}>
        {moment.decision ? <Decision decided={moment.decision} program={moment.name} /> : <span className={classes.what}>{moment.name}</span>}
        {moment.step && moment.step !== moment.name && <span className={classes.step}>{moment.step}</span>}
        {moment.value !== null && <span className={classes.value}>{money(moment.value, currency)}</span>}
        {moment.cost !== null && <span className={classes.cost}>cost {money(moment.cost, currency)}</span>}
        {moment.kind === "waiting" && <span className={classes.waits}>not in the numbers yet</span>}
        {who && (
          <a className={classes.who} href={who(moment.person)}>
            {moment.person}
          </a>
        )}
        {said.length > 0 && <p className={classes.properties}>{said.join(" · ")}</p>}
      </div>
    </li>
  );
}

function Decision({ decided, program }: { readonly decided: Decided; readonly program: string }) {
  const [first, ...others] = decided.words;
  return (
    <span className={classes.decision}>
      <span className={classes.what}>{first ?? program}</span>
      {others.length > 0 && <span className={classes.also}> Also: {others.join(" ")}</span>}
      <span className={classes.also}> {program}</span>
    </span>
  );
}
