/** One question or message: what it says and where, whether it runs, who saw it and what was answered. */

import { Button } from "@mantine/core";
import { useAddress } from "@/api/address.ts";
import { useStartAsk, useStopAsk } from "@/api/ask-queries.ts";
import { useMay } from "@/api/login-queries.ts";
import type { AskView } from "@/api/types.ts";
import { count, moment, tenths } from "@/lib/format.ts";
import { Findings } from "@/stages/act/findings.tsx";
import { AskPreview } from "@/stages/act/pages/ask-preview.tsx";
import { WeightedAnswers } from "@/stages/act/pages/weighted-answers.tsx";
import { askSentence, ASK_STATES } from "@/stages/act/pages/words.ts";
import { DataTable } from "@/ui/data-table.tsx";
import { Figure } from "@/ui/figure.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import classes from "../act.module.css";

interface AskDetailProps {
  readonly view: AskView;
  readonly timezone: string;
  readonly onEdit: () => void;
}

export function AskDetail({ view, timezone, onEdit }: AskDetailProps) {
  const { ask, results } = view;
  return (
    <>
      <header className={classes.head}>
        <div>
          <p className={classes.soft}>
            {ASK_STATES[view.state]}
            {view.started && view.state === "running" && ` since ${moment(view.started, timezone)}`} · revision {view.revision}
            {view.author && ` by ${view.author}`}
          </p>
          <h2 className={classes.title}>{ask.name}</h2>
          <p className={classes.lead}>{askSentence(ask, (id) => id)}</p>
          {view.why && <p className={classes.lead}>{view.why}</p>}
        </div>
        <Verbs view={view} onEdit={onEdit} />
      </header>
      <Findings findings={view.findings} />
      <div className={classes.split}>
        <section className={classes.section} aria-label="What came of it">
          <dl className={classes.numbers}>
            <Number name="Saw it" people={results.seen} rule={results.seen_rule} />
            <Number name={ask.kind === "question" ? "Answered" : "Followed its link"} people={results.done} rule={results.done_rule} />
            {results.mean !== null && (
              <div>
                <dt>Mean of 0 to 10</dt>
                <dd>{tenths(results.mean)}</dd>
              </div>
            )}
          </dl>
          {results.answers.length > 0 && (
            <DataTable
              caption="What people answered"
              rows={results.answers}
              keyOf={(row) => row.answer}
              columns={[
                { name: "Answer", sort: (row) => row.answer, show: (row) => row.answer },
                { name: "People", right: true, sort: (row) => row.people, show: (row) => <People people={row.people} rule={row.rule} what={`People who answered ${row.answer}`} /> },
              ]}
            />
          )}
          {ask.kind === "question" && ask.answers !== "words" && results.done > 0 && <WeightedAnswers id={ask.id} />}
        </section>
        <AskPreview ask={ask} />
      </div>
    </>
  );
}

function Number({ name, people, rule }: { readonly name: string; readonly people: number; readonly rule: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-part={name}>
        <People people={people} rule={rule} what={name} />
      </dd>
    </div>
  );
}

/** A number of people that opens them, as the first step of a funnel of one. */
function People({ people, rule, what }: { readonly people: number; readonly rule: string; readonly what: string }) {
  const { see } = useAddress();
  if (people === 0) return <>{count(people)}</>;
  const query = new URLSearchParams({ step: `it := ${rule}`, cell: "reached 1" }).toString();
  return (
    <Figure meaning={{ what: `${what}: people, each once, over all time.`, lines: [rule] }} onOpen={() => see({ people: { kind: "cell", word: "funnel", query, title: what } })}>
      {count(people)}
    </Figure>
  );
}

function Verbs({ view, onEdit }: { readonly view: AskView; readonly onEdit: () => void }) {
  const start = useStartAsk();
  const stop = useStopAsk();
  const editor = useMay("editor");
  const sender = useMay("sender");
  const { id } = view.ask;
  const refused = start.error ?? stop.error;
  const errors = view.findings.some((one) => one.level === "error");
  const runs = view.state === "running" || view.state === "over";
  return (
    <div>
      <div className={classes.acts}>
        {editor && (
          <Button variant="default" size="sm" onClick={onEdit}>
            Change
          </Button>
        )}
        {sender && runs && (
          <Button size="sm" color="red" variant="light" loading={stop.isPending} onClick={() => stop.mutate(id)}>
            Stop
          </Button>
        )}
        {sender && !runs && (
          <Button size="sm" disabled={errors} loading={start.isPending} onClick={() => start.mutate(id)}>
            {view.state === "stopped" ? "Show it again" : "Show it"}
          </Button>
        )}
      </div>
      {refused && <Refusal error={refused} />}
    </div>
  );
}
