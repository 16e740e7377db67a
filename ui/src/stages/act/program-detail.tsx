/** One program: its drawing, what to mend, how its decisions ended and why, and a dry run. */

import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useStart, useStop } from "@/api/act-queries.ts";
import type { ProgramView } from "@/api/types.ts";
import { count, moment } from "@/lib/format.ts";
import { DecisionFeed } from "@/stages/act/decision-feed.tsx";
import { Findings } from "@/stages/act/findings.tsx";
import { ProgramGraph } from "@/stages/act/program-graph.tsx";
import { DryRun } from "@/stages/act/rehearsal.tsx";
import { errorCount, STATE_WORDS } from "@/stages/act/words.ts";
import { DataTable } from "@/ui/data-table.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import classes from "./act.module.css";
import { Worded } from "@/ui/worded.tsx";

interface ProgramDetailProps {
  readonly view: ProgramView;
  readonly timezone: string;
  readonly onEdit: () => void;
}

export function ProgramDetail({ view, timezone, onEdit }: ProgramDetailProps) {
  const { line, program } = view;
  return (
    <div className={classes.detail}>
      <header className={classes.head}>
        <div>
          <p className={classes.soft}>
            {STATE_WORDS[line.state]}
            {line.started && line.state === "running" && ` since ${moment(line.started, timezone)}`} · revision {line.revision} · for {line.purpose}
          </p>
          <h1 className={classes.title}>{line.name}</h1>
          <p className={classes.lead}>{line.sentence}</p>
          {line.why && <p className={classes.lead}>{line.why}</p>}
        </div>
        <Verbs view={view} onEdit={onEdit} />
      </header>
      <ProgramGraph program={program} line={line} />
      <Findings findings={view.findings} />
      <Ended view={view} />
      <section className={classes.section} aria-label="Newest decisions">
        <h2 className={classes.small}>Newest decisions</h2>
        <DecisionFeed program={line.id} timezone={timezone} empty={line.state === "running" ? "Nobody has come to it since the start." : "It decides once it is started."} />
      </section>
      <DryRun key={line.revision} program={program} timezone={timezone} />
    </div>
  );
}

function Verbs({ view, onEdit }: { readonly view: ProgramView; readonly onEdit: () => void }) {
  const start = useStart();
  const stop = useStop();
  const [why, setWhy] = useState("");
  const { id, state } = view.line;
  const errors = errorCount(view.findings);
  const refused = start.error ?? stop.error;
  return (
    <div>
      <div className={classes.acts}>
        <Button variant="default" size="sm" onClick={onEdit}>
          Change
        </Button>
        {state === "running" ? (
          <>
            <TextInput size="sm" aria-label="Why it is stopped" placeholder="Why" value={why} onChange={(event) => setWhy(event.currentTarget.value)} />
            <Button size="sm" color="red" variant="light" loading={stop.isPending} onClick={() => stop.mutate({ id, why })}>
              Stop
            </Button>
          </>
        ) : (
          <Button size="sm" disabled={errors > 0} loading={start.isPending} onClick={() => start.mutate(id)}>
            {state === "stopped" ? "Start again" : "Start"}
          </Button>
        )}
      </div>
      {errors > 0 && state !== "running" && <p className={classes.soft}>Mend what is marked below first.</p>}
      {refused && <Refusal error={refused} />}
    </div>
  );
}

function Ended({ view }: { readonly view: ProgramView }) {
  const { tally } = view.line;
  if (tally.decided === 0 && tally.waiting === 0) return null;
  const numbers: readonly (readonly [string, number])[] = [
    ["decided", tally.decided],
    ["delivered", tally.delivered],
    ["on the way", tally.on_the_way],
    ["refused", tally.failed],
    ["unknown", tally.unknown],
    ["nothing sent", tally.nothing],
    ["of them compared with", tally.held_out],
    ["waiting", tally.waiting],
    ["muted after it", tally.mutes],
  ];
  return (
    <section className={classes.section} aria-label="How its decisions ended">
      <h2 className={classes.small}>How its decisions ended</h2>
      <dl className={classes.numbers}>
        {numbers
          .filter(([, number], place) => number > 0 || place < 2)
          .map(([name, number]) => (
            <div key={name}>
              <dt>
                <Worded text={name} />
              </dt>
              <dd>{count(number)}</dd>
            </div>
          ))}
      </dl>
      {view.reasons.length > 0 && (
        <DataTable
          caption="Nothing was sent because"
          rows={view.reasons}
          keyOf={(row) => row.reason}
          columns={[
            { name: "First reason", sort: (row) => row.said, show: (row) => row.said },
            { name: "People", right: true, sort: (row) => row.count, show: (row) => count(row.count) },
          ]}
        />
      )}
    </section>
  );
}
