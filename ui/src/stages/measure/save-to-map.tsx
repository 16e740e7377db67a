/** Puts the steps of a funnel on the map, as a new revision that can be taken back. */

import { Button } from "@mantine/core";
import { useState } from "react";
import { useExplore } from "@/api/explore.ts";
import { useDraft } from "@/api/measure-queries.ts";
import type { MapDraft } from "@/api/types.ts";
import { Dialog } from "@/stages/measure/dialog.tsx";
import { Keeping } from "@/stages/measure/keeping.tsx";
import { stateOf } from "@/stages/measure/state-of.tsx";
import classes from "./keeping.module.css";

export function SaveToMap({ steps }: { readonly steps: readonly string[] }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setOpen(true)}>
        Save to the map
      </Button>
      <Dialog opened={open} onClose={() => setOpen(false)} title="Save these steps to the map">
        {open && <Draft steps={steps} onClose={() => setOpen(false)} />}
      </Dialog>
    </>
  );
}

function Draft({ steps, onClose }: { readonly steps: readonly string[]; readonly onClose: () => void }) {
  const { selection } = useExplore();
  const query = useDraft(steps, selection.map, true);
  const state = stateOf(query, "Looking where they belong");
  if (state || !query.data) return state;
  return <Ready draft={query.data} onClose={onClose} />;
}

function Ready({ draft: found, onClose }: { readonly draft: MapDraft; readonly onClose: () => void }) {
  // Once it is kept, the same steps are on the map already; what was shown stays until the dialog closes.
  const [draft] = useState(found);
  const { document, added, kept, findings, onto } = draft;
  const step = (id: string) => document.steps.find((one) => one.id === id);
  const named = added.map((id) => `steps.${id}`);
  const told = findings.filter((one) => named.some((place) => one.where.startsWith(place)) || one.code === "CROWDED_MAP");
  return (
    <>
      {added.length === 0 ? (
        <p className={classes.note}>All of them are on the map already.</p>
      ) : (
        <>
          <p className={classes.note}>
            New on {document.name}, each taking its events from the step that had them{kept.length > 0 && `; ${kept.length} of the funnel ${kept.length === 1 ? "is" : "are"} there already`}:
          </p>
          <ul className={classes.list}>
            {added.map((id) => (
              <li key={id}>
                {step(id)?.name}
                {step(id)?.stage && <span className={classes.values}> under {step(id)?.stage}</span>}
              </li>
            ))}
          </ul>
          {told.map((one) => (
            <p key={one.where + one.code} className={classes.note}>
              {one.message} {one.hint}
            </p>
          ))}
          <Keeping document={document} onto={onto} verb={`Add ${added.length} ${added.length === 1 ? "step" : "steps"}`} onClose={onClose} />
        </>
      )}
    </>
  );
}
