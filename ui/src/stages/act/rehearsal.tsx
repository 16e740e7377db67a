/** A dry run on real history: what would have been decided, by reason, and for whom; nothing is written. */

import { Button, Select } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import { useRehearsal } from "@/api/act-queries.ts";
import type { Program, Rehearsal } from "@/api/types.ts";
import { count, moment, span } from "@/lib/format.ts";
import { DataTable } from "@/ui/data-table.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import classes from "./act.module.css";
import { Worded } from "@/ui/worded.tsx";

const EVERY = "all";
const SENT = "sent";

export function DryRun({ program, timezone }: { readonly program: Program; readonly timezone: string }) {
  const rehearsal = useRehearsal();
  return (
    <section className={classes.section} aria-label="Dry run">
      <h2 className={classes.small}>
        <Worded text="Dry run on the last four weeks of the data" />
      </h2>
      <p className={classes.soft}>Plays real events again and says what would have been decided. Nothing is written, nothing leaves.</p>
      <div className={classes.acts}>
        <Button size="compact-sm" variant="light" loading={rehearsal.isPending} onClick={() => rehearsal.mutate(program)}>
          {rehearsal.data ? "Run it again" : "Run it"}
        </Button>
      </div>
      {rehearsal.error && <Refusal error={rehearsal.error} />}
      {rehearsal.data && <Told rehearsal={rehearsal.data} timezone={timezone} />}
    </section>
  );
}

function Told({ rehearsal, timezone }: { readonly rehearsal: Rehearsal; readonly timezone: string }) {
  const [shown, setShown] = useState(EVERY);
  const rows = rehearsal.rows.filter((row) => shown === EVERY || (shown === SENT ? row.action === "send" : row.reasons[0] === shown));
  const choices = [
    { value: EVERY, label: `Everybody (${count(rehearsal.occasions)})` },
    { value: SENT, label: `Would get it (${count(rehearsal.sends)})` },
    ...rehearsal.reasons.map((one) => ({ value: one.reason, label: `${one.said} (${count(one.count)})` })),
  ];
  return (
    <>
      <p className={classes.lead}>
        From {span(rehearsal.from, rehearsal.to, timezone)} it would have met {count(rehearsal.people)} people and sent {count(rehearsal.sends)} messages; {count(rehearsal.held_out)} were in the comparison group.
      </p>
      <p className={classes.soft}>{rehearsal.assumes.join(" ")}</p>
      {rehearsal.reasons.length > 0 && (
        <DataTable
          caption="Nothing would have been sent because"
          rows={rehearsal.reasons}
          keyOf={(one) => one.reason}
          columns={[
            { name: "First reason", show: (one) => one.said },
            { name: "Times", right: true, show: (one) => count(one.count) },
            { name: "What to do", show: (one) => one.reason === "no_consent" && <Link href="/act?show=channels">Write down who agreed</Link> },
          ]}
        />
      )}
      <Select label="Show" mt={10} mb={6} w={320} maw="100%" data={choices} value={shown} allowDeselect={false} onChange={(value) => setShown(value ?? EVERY)} />
      {rehearsal.occasions > rehearsal.rows.length && <p className={classes.soft}>The first {count(rehearsal.rows.length)} are listed.</p>}
      <DataTable
        caption="What would have been decided"
        rows={rows}
        keyOf={(row) => `${row.entity} ${row.trigger}`}
        columns={[
          { name: "Person", sort: (row) => row.entity, show: (row) => row.entity },
          { name: "Occasion", sort: (row) => row.trigger, show: (row) => moment(row.trigger, timezone) },
          { name: "Decided", sort: (row) => row.decided, show: (row) => moment(row.decided, timezone) },
          { name: "What", sort: (row) => row.said, show: (row) => row.said },
        ]}
      />
    </>
  );
}
