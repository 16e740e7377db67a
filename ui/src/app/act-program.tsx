/** One program on the page Act: shown, changed, or drafted from a step of the map. */

import { Select } from "@mantine/core";
import { useState } from "react";
import { useAddress } from "@/api/address.ts";
import { useDraft, useProgram } from "@/api/act-queries.ts";
import { usePicture } from "@/api/queries.ts";
import { Asking } from "@/app/asking.tsx";
import { ProgramDetail } from "@/stages/act/program-detail.tsx";
import { ProgramForm } from "@/stages/act/program-form.tsx";

interface OneProps {
  readonly id: string;
  readonly timezone: string;
  readonly onEdit: () => void;
}

export function OneProgram({ id, timezone, onEdit }: OneProps) {
  const view = useProgram(id);
  return (
    <Asking query={view} what="Reading the program">
      {(found) => <ProgramDetail view={found} timezone={timezone} onEdit={onEdit} />}
    </Asking>
  );
}

export function EditProgram({ id, onDone }: { readonly id: string; readonly onDone: () => void }) {
  const { selection } = useAddress();
  const picture = usePicture(selection);
  const view = useProgram(id);
  return (
    <Asking query={view} what="Reading the program">
      {(found) => (
        <Asking query={picture} what="Reading the map">
          {({ document }) => <ProgramForm before={found.program} document={document} isNew={false} holdoutLocked={found.holdout_locked} onSaved={onDone} onCancel={onDone} />}
        </Asking>
      )}
    </Asking>
  );
}

interface NewProps {
  readonly step: string | null;
  readonly onSaved: (id: string) => void;
  readonly onCancel: () => void;
}

export function NewProgram({ step, onSaved, onCancel }: NewProps) {
  const { selection } = useAddress();
  const picture = usePicture(selection);
  const [picked, setPicked] = useState<string | null>(step);
  const draft = useDraft(picture.data?.document.name ?? "", picked);
  return (
    <Asking query={picture} what="Reading the map">
      {({ document }) =>
        picked === null ? (
          <Select
            searchable
            label="Which step is it about?"
            description="Everything else is drafted from it and can be changed."
            maw={420}
            data={document.steps.filter((one) => one.rule !== null).map((one) => ({ value: one.id, label: one.name }))}
            onChange={setPicked}
          />
        ) : (
          <Asking query={draft} what="Drafting">
            {(program) => <ProgramForm before={program} document={document} isNew holdoutLocked={false} onSaved={onSaved} onCancel={onCancel} />}
          </Asking>
        )
      }
    </Asking>
  );
}
