/** What was released, or happened, and when: marks on every time chart. */

import { Button, TextInput } from "@mantine/core";
import { useRef, useState } from "react";
import { useDataChange, useReleases } from "@/api/collect-queries.ts";
import { useMay } from "@/api/login-queries.ts";
import type { Release } from "@/api/types.ts";
import { count, moment } from "@/lib/format.ts";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import parts from "@/stages/settings/parts.module.css";
import { Section } from "@/stages/settings/section.tsx";
import { DataTable } from "@/ui/data-table.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import { LoadingState } from "@/ui/states.tsx";
import classes from "./collect.module.css";

export function ReleasesSection({ timezone }: { readonly timezone: string }) {
  const releases = useReleases();
  const change = useDataChange();
  const may = useMay("editor");
  return (
    <Section title="Releases" about="Launches, price changes, outages, a competitor's move, or every date of a calendar. Each is a mark on every chart over time.">
      {releases.isPending && <LoadingState what="Reading the releases" />}
      {releases.isError && <Failed error={releases.error} retry={() => void releases.refetch()} />}
      {releases.data?.length === 0 && <p className={classes.line}>No marks so far. A deploy hook can set them, too: POST /api/collect/releases.</p>}
      {releases.data && releases.data.length > 0 && (
        <DataTable
          caption={`${count(releases.data.length)} ${releases.data.length === 1 ? "release" : "releases"}`}
          rows={releases.data}
          keyOf={(row) => String(row.id)}
          columns={[
            { name: "What", sort: (row) => row.name, show: (row) => row.name },
            { name: "When", sort: (row) => row.time, show: (row) => moment(row.time, timezone) },
            { name: "Note", show: (row) => row.note },
            { name: "From", show: (row) => row.source || "this machine" },
            {
              name: "Change",
              show: (row) =>
                may && (
                  <Button size="compact-xs" variant="default" aria-label={`Remove the mark ${row.name}`} onClick={() => change.mutate({ method: "DELETE", path: `/releases/${row.id}` })}>
                    Remove
                  </Button>
                ),
            },
          ]}
        />
      )}
      {change.isError && <Refusal error={change.error} />}
      {may && <NewRelease />}
    </Section>
  );
}

function NewRelease() {
  const [name, setName] = useState("");
  const [at, setAt] = useState("");
  const [note, setNote] = useState("");
  const add = useDataChange(() => {
    setName("");
    setNote("");
  });
  return (
    <>
      <form
        className={parts.form}
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate({ method: "POST", path: "/releases", body: { name, at, note } });
        }}
      >
        <TextInput size="xs" label="What happened" required autoComplete="off" value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput size="xs" type="datetime-local" label="When" required value={at} onChange={(event) => setAt(event.currentTarget.value)} />
        <TextInput size="xs" label="Note" autoComplete="off" value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        <Button size="xs" type="submit" loading={add.isPending}>
          Add the mark
        </Button>
        <AddCalendar />
      </form>
      {add.isError && <Refusal error={add.error} />}
    </>
  );
}

function AddCalendar() {
  const input = useRef<HTMLInputElement>(null);
  const add = useDataChange<readonly Release[]>();
  const take = async (file: File | undefined) => {
    if (file) add.mutate({ method: "POST", path: "/releases/calendar", body: { name: file.name, text: await file.text() } });
    if (input.current) input.current.value = "";
  };
  return (
    <>
      <input ref={input} type="file" accept=".ics" hidden aria-label="Calendar file" onChange={(event) => void take(event.currentTarget.files?.[0])} />
      <Button size="xs" variant="default" loading={add.isPending} title="A file in .ics, as any calendar exports it: a mark where each of its dates begins" onClick={() => input.current?.click()}>
        Add a calendar
      </Button>
      {add.data && (
        <p role="status" className={classes.line}>
          {add.data.length === 1 ? "The calendar's one date is marked." : `The calendar's ${count(add.data.length)} dates are marked.`}
        </p>
      )}
      {add.isError && <Refusal error={add.error} />}
    </>
  );
}
