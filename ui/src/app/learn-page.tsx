/** Learn: experiments from hypothesis to verdict, and the work that is retired. */

import { Button } from "@mantine/core";
import { Link, useSearchParams } from "wouter";
import { useExperiment, useExperiments } from "@/api/learn-queries.ts";
import { usePicture, useWorkspace } from "@/api/queries.ts";
import { useAddress } from "@/api/address.ts";
import type { ExperimentLine } from "@/api/types.ts";
import { Asking } from "@/app/asking.tsx";
import { NoEvents } from "@/app/no-events.tsx";
import { ExperimentDetail } from "@/stages/learn/experiment-detail.tsx";
import { ExperimentForm } from "@/stages/learn/experiment-form.tsx";
import { ExperimentList, inOrder } from "@/stages/learn/experiment-list.tsx";
import { EmptyState, LoadingState } from "@/ui/states.tsx";
import panes from "@/ui/two-panes.module.css";
import { Worded } from "@/ui/worded.tsx";

const NEW = "new";
const CHANGE = "change";

export function LearnPage() {
  const experiments = useExperiments();
  return (
    <Asking query={experiments} what="Reading the experiments">
      {(lines) => <Loaded lines={lines} />}
    </Asking>
  );
}

function Loaded({ lines }: { readonly lines: readonly ExperimentLine[] }) {
  const [params, setParams] = useSearchParams();
  const events = useWorkspace().data?.events;
  const chosen = params.get("experiment");
  const doing = params.get("do");
  const show = (experiment: string | null, act: string | null = null) =>
    setParams((now) => {
      const next = new URLSearchParams(now);
      for (const [name, value] of [["experiment", experiment], ["do", act]] as const) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      return next;
    });
  const linkTo = (id: string) => {
    const next = new URLSearchParams(params);
    next.delete("do");
    next.set("experiment", id);
    return `/learn?${next.toString()}`;
  };
  const open = doing === NEW ? null : (chosen ?? (doing ? null : (inOrder(lines)[0]?.id ?? null)));
  if (lines.length === 0 && events === 0) return <NoEvents then="How many people an experiment takes is worked out from your own history." />;
  if (lines.length === 0 && doing !== NEW)
    return (
      <EmptyState
        title="No experiment yet"
        text="Write down what you believe and how you would know, before you see the numbers. How many it takes is worked out from your own history."
        action={<Button onClick={() => show(null, NEW)}>Write an experiment</Button>}
      />
    );
  return (
    <div className={panes.page} data-open={Boolean(chosen) || doing === NEW}>
      <div className={panes.side}>
        <div className={panes.head}>
          <h1>
            <Worded text="Experiments" />
          </h1>
          <Button size="compact-sm" variant="light" onClick={() => show(null, NEW)}>
            Write an experiment
          </Button>
        </div>
        <ExperimentList lines={lines} chosen={open} linkTo={linkTo} />
      </div>
      <div className={panes.main}>
        <Link className={panes.back ?? ""} href="/learn">
          All experiments
        </Link>
        {doing === NEW ? (
          <Form lines={lines} id={null} onDone={show} />
        ) : doing === CHANGE && open ? (
          <Form lines={lines} id={open} onDone={show} />
        ) : (
          open && <One key={open} id={open} onEdit={() => show(open, CHANGE)} onGone={() => show(null)} />
        )}
      </div>
    </div>
  );
}

function One({ id, onEdit, onGone }: { readonly id: string; readonly onEdit: () => void; readonly onGone: () => void }) {
  const view = useExperiment(id);
  const timezone = useWorkspace().data?.timezone ?? "UTC";
  return (
    <Asking query={view} what="Reading the experiment">
      {(found) => <ExperimentDetail view={found} timezone={timezone} onEdit={onEdit} onGone={onGone} />}
    </Asking>
  );
}

interface FormProps {
  readonly lines: readonly ExperimentLine[];
  readonly id: string | null;
  readonly onDone: (id: string | null) => void;
}

function Form({ lines, id, onDone }: FormProps) {
  const { selection } = useAddress();
  const picture = usePicture(selection);
  const experiments = useExperiment(id);
  if (id && !experiments.data) return <LoadingState what="Reading the draft" />;
  return (
    <Asking query={picture} what="Reading the map">
      {({ document }) => (
        <ExperimentForm
          document={document}
          before={id ? (experiments.data?.experiment ?? null) : null}
          taken={lines.map((one) => one.id)}
          onWritten={onDone}
          onCancel={() => onDone(id)}
        />
      )}
    </Asking>
  );
}
