/** One person: what they did, in order, and which steps of the map that was. */

import { Button } from "@mantine/core";
import { usePerson } from "@/api/queries.ts";
import type { PersonEvent } from "@/api/types.ts";
import { count, moment, money } from "@/lib/format.ts";
import { subjectLink } from "@/stages/journeys/subject-link.ts";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { SideDrawer } from "@/ui/side-drawer.tsx";
import { EmptyState, LoadingState } from "@/ui/states.tsx";
import classes from "./drawers.module.css";

interface PersonDrawerProps {
  readonly id: string;
  readonly timezone: string;
  readonly currency: string;
  readonly onBack: (() => void) | null;
  readonly onClose: () => void;
}

export function PersonDrawer(props: PersonDrawerProps) {
  return (
    <SideDrawer title={`Person ${props.id}`} onClose={props.onClose}>
      {props.onBack && (
        <Button variant="subtle" size="compact-sm" color="gray" onClick={props.onBack}>
          ← Back to the list
        </Button>
      )}
      <Button component="a" variant="subtle" size="compact-sm" href={subjectLink({ kind: "person", id: props.id })}>
        Open their page
      </Button>
      <Timeline {...props} />
    </SideDrawer>
  );
}

function Timeline(props: PersonDrawerProps) {
  const query = usePerson(props.id);
  if (query.isPending) return <LoadingState what="Reading this journey" />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const { events, total } = query.data;
  if (events.length === 0) return <EmptyState title="No events" text="Nothing is known of this person." />;
  return (
    <>
      <p className={classes.count}>
        <b>{count(total)}</b> events{events.length < total && `, the last ${count(events.length)} shown`}
      </p>
      <ol className={classes.timeline}>
        {events.map((event, k) => (
          <Row key={k} event={event} {...props} />
        ))}
      </ol>
    </>
  );
}

function Row({ event, timezone, currency }: { readonly event: PersonEvent } & PersonDrawerProps) {
  const properties = Object.entries(event.properties).filter(([, value]) => value !== "");
  return (
    <li className={classes.event}>
      <time className={classes.time} dateTime={event.time}>
        {moment(event.time, timezone)}
      </time>
      <div>
        <span className={classes.what}>{event.name}</span>
        {event.value !== null && event.value !== 0 && <span className={classes.value}>{money(event.value, currency)}</span>}
        {properties.length > 0 && (
          <p className={classes.properties}>{properties.map(([key, value]) => `${key} ${value}`).join(" · ")}</p>
        )}
      </div>
    </li>
  );
}
