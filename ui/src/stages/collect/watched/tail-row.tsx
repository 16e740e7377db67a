/** One event as it came: what it says, and its step or the reason why it has none. */

import { Link, useSearch } from "wouter";
import type { WatchedEvent } from "@/api/types.ts";
import { clock } from "@/lib/format.ts";
import { subjectLink } from "@/stages/journeys/subject-link.ts";
import classes from "./watched.module.css";

export function TailRow({ event, timezone }: { readonly event: WatchedEvent; readonly timezone: string }) {
  const search = useSearch();
  const took = event.steps[0];
  return (
    <li data-good={event.good}>
      <time className={classes.time} dateTime={event.received}>
        {clock(event.received, timezone)}
      </time>
      <div>
        <p>
          <span className={classes.word}>{event.event ?? "Could not be read"}</span>
          {event.person !== null && (
            <>
              {" by "}
              <Link href={subjectLink({ kind: "person", id: event.person }, search)}>{event.person}</Link>
            </>
          )}
          <span className={classes.quiet}> {[event.source, event.key && `key ${event.key}`].filter(Boolean).join(" \u00b7 ")}</span>
        </p>
        {took ? <Took event={event} /> : <Why event={event} />}
        <Said event={event} />
      </div>
    </li>
  );
}

function Took({ event }: { readonly event: WatchedEvent }) {
  const [first, ...others] = event.steps;
  return (
    <p>
      Step <strong>{first?.name}</strong> <span className={classes.rule}>{first?.rule}</span>
      {others.length > 0 && <span className={classes.quiet}> also fits {others.map((one) => one.name).join(", ")}, which stand behind it</span>}
    </p>
  );
}

function Why({ event }: { readonly event: WatchedEvent }) {
  return (
    <p>
      {event.good && (
        <span role="img" aria-label="No step:">
          {"\u25cb "}
        </span>
      )}
      {event.why}
    </p>
  );
}

function Said({ event }: { readonly event: WatchedEvent }) {
  const said = Object.entries(event.properties).map(([name, text]) => `${name} ${text}`);
  if (event.value !== null) said.unshift(`value ${String(event.value)}`);
  const text = event.good ? said.join(" \u00b7 ") : event.raw;
  return text ? <p className={classes.raw}>{text}</p> : null;
}
