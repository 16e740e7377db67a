/** What can be done with an experiment now: lock a draft, begin what is locked, end what runs, with a reason. */

import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useDropExperiment, useExperimentStep } from "@/api/learn-queries.ts";
import type { ExperimentView } from "@/api/types.ts";
import { Refusal } from "@/ui/refusal.tsx";
import classes from "./learn.module.css";

interface ActsProps {
  readonly view: ExperimentView;
  readonly onEdit: () => void;
  readonly onGone: () => void;
}

export function ExperimentActs({ view, onEdit, onGone }: ActsProps) {
  const step = useExperimentStep(view.experiment.id);
  const drop = useDropExperiment(view.experiment.id);
  const error = step.error ?? drop.error;
  return (
    <footer className={classes.acts}>
      {view.state === "draft" && (
        <>
          <Button disabled={!view.plan} loading={step.isPending} onClick={() => step.mutate({ do: "lock" })}>
            Lock it
          </Button>
          <Button variant="default" onClick={onEdit}>
            Change it
          </Button>
          <Button variant="subtle" color="gray" loading={drop.isPending} onClick={() => drop.mutate(undefined, { onSuccess: onGone })}>
            Drop the draft
          </Button>
          <p>After the lock nothing of it can be changed: neither what is read, nor for how many.</p>
        </>
      )}
      {view.state === "locked" && (
        <>
          <Button loading={step.isPending} onClick={() => step.mutate({ do: "begin" })}>
            Begin
          </Button>
          <p>From here on every decision of {view.experiment.program} counts.</p>
        </>
      )}
      {(view.state === "running" || view.state === "locked") && <EndForm busy={step.isPending} onEnd={(why) => step.mutate({ do: "end", why })} />}
      {error && <Refusal error={error} />}
    </footer>
  );
}

function EndForm({ busy, onEnd }: { readonly busy: boolean; readonly onEnd: (why: string) => void }) {
  const [why, setWhy] = useState("");
  return (
    <form
      className={classes.end}
      onSubmit={(event) => {
        event.preventDefault();
        if (why.trim()) onEnd(why);
      }}
    >
      <TextInput label="End it, because" placeholder="It works: everybody gets it, one in ten stays held out" value={why} onChange={(event) => setWhy(event.currentTarget.value)} />
      <Button type="submit" variant="default" disabled={!why.trim()} loading={busy}>
        End it
      </Button>
    </form>
  );
}
