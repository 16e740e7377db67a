/** The tracking plan: events that somebody expects, those that never came, and those that nobody planned. */

import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import { useDataChange } from "@/api/collect-queries.ts";
import { useMay } from "@/api/login-queries.ts";
import type { TrackedEvent, Tracking } from "@/api/types.ts";
import { useTracking } from "@/api/watched-queries.ts";
import { Asking } from "@/app/asking.tsx";
import { count, day } from "@/lib/format.ts";
import parts from "@/stages/settings/parts.module.css";
import { Section } from "@/stages/settings/section.tsx";
import { DataTable } from "@/ui/data-table.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import classes from "./watched.module.css";

const SHAPES: Record<TrackedEvent["state"], string> = { seen: "\u25cf", "not seen": "\u25cb", "not planned": "+" };

export function TrackingSection({ timezone }: { readonly timezone: string }) {
  const tracking = useTracking();
  const may = useMay("editor");
  return (
    <Section title="Tracking plan" about="Events that steps of maps, programs, experiments or people expect, held against those that came.">
      <Asking query={tracking} what="Holding the plan against what came">
        {(found) => <Plan found={found} timezone={timezone} />}
      </Asking>
      {may && <Expect />}
    </Section>
  );
}

function Plan({ found, timezone }: { readonly found: Tracking; readonly timezone: string }) {
  const [state, setState] = useState<string>("all");
  const may = useMay("editor");
  const change = useDataChange<Tracking>();
  const rows = state === "all" ? found.events : found.events.filter((row) => row.state === state);
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label="Which events"
        value={state}
        onChange={setState}
        className={classes.states ?? ""}
        data={[
          { value: "all", label: `All ${count(found.events.length)}` },
          { value: "not seen", label: `Not seen ${count(found.not_seen)}` },
          { value: "not planned", label: `Not planned ${count(found.not_planned)}` },
          { value: "seen", label: `Seen ${count(found.seen)}` },
        ]}
      />
      {rows.length === 0 ? (
        <p className={classes.quiet}>There is none of these.</p>
      ) : (
        <div className={classes.tall}>
          <DataTable<TrackedEvent>
            caption="Counted in the 7 and 28 days before the newest event"
            rows={rows}
            keyOf={(row) => row.event}
            columns={[
              { name: "Event", sort: (row) => row.event, show: (row) => row.event },
              { name: "State", sort: (row) => row.state, show: (row) => <State row={row} /> },
              { name: "7 days", right: true, sort: (row) => row.week, show: (row) => count(row.week) },
              { name: "28 days", right: true, sort: (row) => row.month, show: (row) => count(row.month) },
              { name: "First", sort: (row) => row.first, show: (row) => <Day at={row.first} timezone={timezone} /> },
              { name: "Last", sort: (row) => row.last, show: (row) => <Day at={row.last} timezone={timezone} /> },
              { name: "From", show: (row) => row.sources.join(", ") },
              { name: "Expected by", show: (row) => row.expected_by.join("; ") },
              {
                name: "Change",
                show: (row) =>
                  may &&
                  row.by_hand && (
                    <Button size="compact-xs" variant="default" disabled={change.isPending} aria-label={`Take back that ${row.event} is expected`} onClick={() => change.mutate({ method: "DELETE", path: `/tracking/${encodeURIComponent(row.event)}` })}>
                      Take back
                    </Button>
                  ),
              },
            ]}
          />
        </div>
      )}
      {change.isError && <Refusal error={change.error} />}
    </>
  );
}

function Day({ at, timezone }: { readonly at: string | null; readonly timezone: string }) {
  return at === null ? null : <span className={classes.day}>{day(at, timezone)}</span>;
}

function State({ row }: { readonly row: TrackedEvent }) {
  return (
    <>
      <span className={`${classes.word ?? ""} ${classes.day ?? ""}`}>
        <span aria-hidden="true">{SHAPES[row.state]}</span> {row.state}
      </span>
      {row.lacks.length > 0 && <span className={classes.quiet}> never says {row.lacks.join(", ")}</span>}
    </>
  );
}

function Expect() {
  const [name, setName] = useState("");
  const [note, setNote] = useState("");
  const add = useDataChange<Tracking>(() => {
    setName("");
    setNote("");
  });
  return (
    <>
      <form
        className={parts.form}
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate({ method: "POST", path: "/tracking", body: { name, note } });
        }}
      >
        <TextInput size="xs" label="Event to expect" required autoComplete="off" value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput size="xs" label="Why it is expected" autoComplete="off" value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        <Button size="xs" type="submit" variant="default" loading={add.isPending}>
          Expect it
        </Button>
      </form>
      {add.isError && <Refusal error={add.error} />}
    </>
  );
}
