/** Where events come from, what waits to be counted, and what could not be read. */

import { Button } from "@mantine/core";
import { useState } from "react";
import { useDataChange, useQuarantine, useSources, useWaiting } from "@/api/collect-queries.ts";
import { useMay } from "@/api/login-queries.ts";
import { count, day, moment } from "@/lib/format.ts";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { Section } from "@/stages/settings/section.tsx";
import { DataTable } from "@/ui/data-table.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import { SideDrawer } from "@/ui/side-drawer.tsx";
import { LoadingState } from "@/ui/states.tsx";
import classes from "./collect.module.css";
import { SeesCell } from "./blind-spot.tsx";
import { MendEvent } from "./mend-event.tsx";

export function SourcesSection({ timezone }: { readonly timezone: string }) {
  const sources = useSources();
  return (
    <Section title="Sources" about="All events that are stored, those of people left out included. Programs hand events in at /api/collect/events with a key, and so do the libraries of Segment, RudderStack, PostHog, Snowplow, Amplitude and Mixpanel at this address.">
      <WaitingLine timezone={timezone} />
      {sources.isPending && <LoadingState what="Counting by source" />}
      {sources.isError && <Failed error={sources.error} retry={() => void sources.refetch()} />}
      {sources.data && sources.data.length > 0 && (
        <DataTable
          caption={`${count(sources.data.length)} ${sources.data.length === 1 ? "source" : "sources"}`}
          rows={sources.data}
          keyOf={(row) => row.name}
          columns={[
            { name: "Source", sort: (row) => row.name, show: (row) => row.name },
            { name: "Events", right: true, sort: (row) => row.events, show: (row) => count(row.events) },
            { name: "First", sort: (row) => row.first, show: (row) => day(row.first, timezone) },
            { name: "Last", sort: (row) => row.last, show: (row) => moment(row.last, timezone) },
            { name: "Shows of all that happens", show: (row) => <SeesCell source={row.name} sees={row.sees} /> },
          ]}
        />
      )}
    </Section>
  );
}

function WaitingLine({ timezone }: { readonly timezone: string }) {
  const waiting = useWaiting();
  const may = useMay("editor");
  const rebuild = useDataChange();
  const [open, setOpen] = useState(false);
  if (!waiting.data) return null;
  const { events, batches, quarantined, notes, stuck } = waiting.data;
  return (
    <>
      <div className={classes.bar}>
        <span>
          {events === 0 ? "Nothing waits: every event that was handed in is counted." : `${count(events)} ${events === 1 ? "event waits" : "events wait"} for the next rebuild.`}
          {stuck !== null && ` The property ${stuck} holds values of another kind since.`}
          {batches > 0 && ` ${count(batches)} more ${batches === 1 ? "batch waits" : "batches wait"} for the import that runs.`}
        </span>
        {may && (events > 0 || batches > 0) && (
          <Button size="compact-xs" loading={rebuild.isPending} onClick={() => rebuild.mutate({ method: "POST", path: "/rebuild" })}>
            Rebuild now
          </Button>
        )}
        {quarantined > 0 && (
          <Button size="compact-xs" variant="default" onClick={() => setOpen(true)}>
            {count(quarantined)} could not be read
          </Button>
        )}
      </div>
      {rebuild.isError && <Refusal error={rebuild.error} />}
      {Object.entries(notes).map(([who, why]) => (
        <p key={who} className={classes.line} role="alert">
          {who === "act" ? "Programs" : who} could not hear of new events and will be told again: {why}
        </p>
      ))}
      {open && <Quarantine timezone={timezone} onClose={() => setOpen(false)} />}
    </>
  );
}

function Quarantine({ timezone, onClose }: { readonly timezone: string; readonly onClose: () => void }) {
  const rows = useQuarantine(true);
  return (
    <SideDrawer title="Events that could not be read" onClose={onClose}>
      {rows.isPending && <LoadingState what="Reading them" />}
      {rows.isError && <Failed error={rows.error} retry={() => void rows.refetch()} />}
      {rows.data && (
        <ul className={classes.aside}>
          {rows.data.map((row) => (
            <li key={row.id}>
              <p className={classes.reason}>{row.reason}</p>
              <p className={classes.quiet}>
                {moment(row.received, timezone)}, from {row.key || "this machine"}
              </p>
              <MendEvent row={row} />
            </li>
          ))}
        </ul>
      )}
    </SideDrawer>
  );
}
