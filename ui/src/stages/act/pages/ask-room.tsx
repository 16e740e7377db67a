/** Questions and messages on pages: which there are, one with what came of it, and the form that writes one. */

import { Button } from "@mantine/core";
import { useState } from "react";
import { useAsks } from "@/api/ask-queries.ts";
import { useMay } from "@/api/login-queries.ts";
import type { AskView, PageAsk } from "@/api/types.ts";
import { Asking } from "@/app/asking.tsx";
import { count } from "@/lib/format.ts";
import { AskDetail } from "@/stages/act/pages/ask-detail.tsx";
import { AskForm } from "@/stages/act/pages/ask-form.tsx";
import { ASK_STATES, blankAsk } from "@/stages/act/pages/words.ts";
import { DataTable } from "@/ui/data-table.tsx";
import { EmptyState } from "@/ui/states.tsx";
import classes from "../act.module.css";

interface AskRoomProps {
  readonly chosen: string | null;
  readonly choose: (id: string | null) => void;
  readonly timezone: string;
}

export function AskRoom(props: AskRoomProps) {
  return (
    <Asking query={useAsks()} what="Reading what stands on your pages">
      {(views) => <Room {...props} views={views} />}
    </Asking>
  );
}

function Room({ chosen, choose, timezone, views }: AskRoomProps & { readonly views: readonly AskView[] }) {
  const [writing, setWriting] = useState<PageAsk | null>(null);
  const may = useMay("editor");
  const open = views.find((one) => one.ask.id === chosen);
  if (writing)
    return (
      <AskForm
        first={writing}
        taken={views.map((one) => one.ask.id)}
        onSaved={(id) => {
          setWriting(null);
          choose(id);
        }}
        onCancel={() => setWriting(null)}
      />
    );
  return (
    <div className={classes.detail}>
      <header className={classes.head}>
        <h1 className={classes.title}>Asked and told on your pages</h1>
        {may && (
          <Button size="sm" variant="light" onClick={() => setWriting(blankAsk())}>
            New question or message
          </Button>
        )}
      </header>
      {views.length === 0 ? (
        <EmptyState title="Nothing is asked yet" text="The script on your pages asks one question or says one thing, once, to people who agreed. Their answers are events like any other." />
      ) : (
        <section className={classes.section} aria-label="On pages">
          <DataTable
            caption="People, each once"
            rows={views}
            keyOf={(row) => row.ask.id}
            columns={[
              {
                name: "Name",
                sort: (row) => row.ask.name,
                show: (row) => (
                  <Button variant="subtle" size="compact-sm" aria-pressed={row.ask.id === chosen} onClick={() => choose(row.ask.id)}>
                    {row.ask.name}
                  </Button>
                ),
              },
              { name: "Kind", sort: (row) => row.ask.kind, show: (row) => row.ask.kind },
              { name: "State", sort: (row) => row.state, show: (row) => ASK_STATES[row.state] ?? row.state },
              { name: "Saw it", right: true, sort: (row) => row.results.seen, show: (row) => count(row.results.seen) },
              { name: "Answered or followed", right: true, sort: (row) => row.results.done, show: (row) => count(row.results.done) },
            ]}
          />
        </section>
      )}
      {open && <AskDetail key={open.ask.id} view={open} timezone={timezone} onEdit={() => setWriting(open.ask)} />}
    </div>
  );
}
