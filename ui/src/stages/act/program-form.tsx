/** The editor of a program: everything in one form, with what to mend and the message as a person gets it beside it. */

import { Button } from "@mantine/core";
import { useState } from "react";
import { useFindings, useSave } from "@/api/act-queries.ts";
import type { MapDocument, Program } from "@/api/types.ts";
import { Findings } from "@/stages/act/findings.tsx";
import { MessageFields } from "@/stages/act/message-fields.tsx";
import { PreviewPane } from "@/stages/act/preview-pane.tsx";
import { RestraintFields } from "@/stages/act/restraint-fields.tsx";
import { TriggerFields } from "@/stages/act/trigger-fields.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import classes from "./act.module.css";

/** What a part of the form is given: the program as it is written, and how to change it. */
export interface PartProps {
  readonly program: Program;
  readonly set: (change: Partial<Program>) => void;
}

interface ProgramFormProps {
  readonly before: Program;
  readonly document: MapDocument;
  readonly isNew: boolean;
  readonly holdoutLocked: boolean;
  readonly onSaved: (id: string) => void;
  readonly onCancel: () => void;
}

export function ProgramForm({ before, document, isNew, holdoutLocked, onSaved, onCancel }: ProgramFormProps) {
  const [program, setProgram] = useState<Program>(before);
  const set = (change: Partial<Program>) => setProgram((now) => ({ ...now, ...change }));
  const findings = useFindings(program);
  const save = useSave();
  return (
    <form
      className={classes.detail}
      aria-label="Program"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(program, { onSuccess: (view) => onSaved(view.line.id) });
      }}
    >
      <h1 className={classes.title}>{isNew ? "A new program" : `Change ${before.name}`}</h1>
      <div className={classes.split}>
        <div className={classes.form}>
          <TriggerFields program={program} set={set} document={document} />
          <MessageFields program={program} set={set} />
          <RestraintFields program={program} set={set} holdoutLocked={holdoutLocked} />
        </div>
        <div className={`${classes.form} ${classes.sticky}`}>
          <PreviewPane program={program} />
          {findings.data && <Findings findings={findings.data} />}
        </div>
      </div>
      {save.error && <Refusal error={save.error} />}
      <div className={`${classes.acts} ${classes.foot}`}>
        <Button type="submit" loading={save.isPending}>
          Save
        </Button>
        <Button variant="subtle" color="gray" onClick={onCancel}>
          Cancel
        </Button>
        <p className={classes.soft}>Saving sends nothing. People who are waiting finish on the revision they entered.</p>
      </div>
    </form>
  );
}
