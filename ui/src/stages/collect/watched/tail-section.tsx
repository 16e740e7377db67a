/** The last events as they come, good and bad, each with the step that took it or the reason why none did. */

import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useSources } from "@/api/collect-queries.ts";
import type { WatchedEvent } from "@/api/types.ts";
import { type TailChosen, useTail } from "@/api/watched-queries.ts";
import { Asking } from "@/app/asking.tsx";
import { Section } from "@/stages/settings/section.tsx";
import { worded } from "@/ui/worded.tsx";
import { TailRow } from "./tail-row.tsx";
import classes from "./watched.module.css";

const ALL: TailChosen = { only: "all", source: "", person: "" };

export function TailSection({ timezone }: { readonly timezone: string }) {
  const [chosen, setChosen] = useState<TailChosen>(ALL);
  const [paused, setPaused] = useState(false);
  const tail = useTail(chosen, paused);
  const sources = useSources();
  const choose = (part: Partial<TailChosen>) => setChosen({ ...chosen, ...part });
  const names = new Set([...(sources.data ?? []).map((one) => one.name), ...(tail.data?.events ?? []).map((one) => one.source)]);
  return (
    <Section title="Live events" about="The last events that were handed in, within a second of their arrival, with the step of the map that takes each, or why none does.">
      <div className={classes.choices}>
        <NativeSelect size="xs" label="Show" value={chosen.only} onChange={(event) => choose({ only: whichOf(event.currentTarget.value) })} data={[{ value: "all", label: "all" }, { value: "good", label: "good ones" }, { value: "bad", label: "bad ones" }]} />
        <NativeSelect size="xs" label={worded("Source")} value={chosen.source} onChange={(event) => choose({ source: event.currentTarget.value })} data={[{ value: "", label: "every source" }, ...[...names].filter(Boolean).sort()]} />
        <TextInput size="xs" label="Person" placeholder="any id" autoComplete="off" value={chosen.person} onChange={(event) => choose({ person: event.currentTarget.value.trim() })} />
        <Button size="xs" variant="default" aria-pressed={paused} onClick={() => setPaused(!paused)}>
          {paused ? "Go on" : "Pause"}
        </Button>
      </div>
      <Asking query={tail} what="Waiting for events">
        {({ events, map }) => <Rows events={events} map={map} timezone={timezone} paused={paused} />}
      </Asking>
    </Section>
  );
}

interface RowsProps {
  readonly events: readonly WatchedEvent[];
  readonly map: string | null;
  readonly timezone: string;
  readonly paused: boolean;
}

function Rows({ events, map, timezone, paused }: RowsProps) {
  if (events.length === 0) return <p className={classes.quiet}>None of these came yet. Hand one in at /api/collect/events and see it here.</p>;
  return (
    <>
      <p className={classes.quiet}>
        {paused ? "Paused; what comes meanwhile is shown when it goes on." : "Live, the newest first."} {map !== null && `Steps are those of the map ${map}.`}
      </p>
      <ol className={classes.tail} tabIndex={0} aria-label="Last events">
        {events.map((one) => (
          <TailRow key={one.id} event={one} timezone={timezone} />
        ))}
      </ol>
    </>
  );
}

function whichOf(text: string): TailChosen["only"] {
  return text === "good" || text === "bad" ? text : "all";
}
