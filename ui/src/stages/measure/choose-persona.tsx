/** Chooses the property that tells kinds of people apart, where the map names none. */

import { Button, Radio } from "@mantine/core";
import { useState } from "react";
import { useAddress } from "@/api/address.ts";
import { usePersonaChoices } from "@/api/measure-queries.ts";
import { usePicture, useWorkspace } from "@/api/queries.ts";
import type { PersonaChoice } from "@/api/types.ts";
import { count, percent } from "@/lib/format.ts";
import { Dialog } from "@/stages/measure/dialog.tsx";
import { Keeping } from "@/stages/measure/keeping.tsx";
import { stateOf } from "@/stages/measure/state-of.tsx";
import { EmptyState } from "@/ui/states.tsx";
import classes from "./keeping.module.css";
import { Defined } from "@/ui/worded.tsx";

const VALUES = 4;

/** The button; nothing where the map names a persona. */
export function ChoosePersona() {
  const { selection } = useAddress();
  const [open, setOpen] = useState(false);
  const document = usePicture(selection).data?.document;
  if (!open && (!document || document.persona !== null)) return null;
  return (
    <>
      <Defined text="persona">
        <Button size="xs" variant="light" mt={8} onClick={() => setOpen(true)}>
          Choose the persona
        </Button>
      </Defined>
      <Dialog opened={open} onClose={() => setOpen(false)} title="Which property tells kinds of people apart?">
        {open && <Choosing onClose={() => setOpen(false)} />}
      </Dialog>
    </>
  );
}

function Choosing({ onClose }: { readonly onClose: () => void }) {
  const { selection } = useAddress();
  const choices = usePersonaChoices(true);
  const workspace = useWorkspace();
  const picture = usePicture(selection);
  const [chosen, setChosen] = useState<string | null>(null);
  // What is changed is the map as it stood when the choice began.
  const [start] = useState(() => picture.data?.document ?? null);
  const [onto] = useState(() => workspace.data?.maps.find((one) => one.name === start?.name)?.revision ?? 0);
  const state = stateOf(choices, "Looking for properties that are known early");
  if (state || !choices.data || !start) return state;
  if (choices.data.length === 0)
    return <EmptyState title="No property fits" text="A persona is a text with 2 to 20 values that is known of at least half of the people in their first half hour. Import one, for example a role or a channel." />;
  return (
    <>
      <p className={classes.note}>Like is then compared with like: steps are judged within each kind of people, and Do next can be worked out. Steady means that it stays the same for a person.</p>
      <Radio.Group value={chosen} onChange={setChosen} aria-label="Property" className={classes.choices ?? ""}>
        {choices.data.map((one) => (
          <Radio key={one.property} value={one.property} label={one.property} description={describe(one)} />
        ))}
      </Radio.Group>
      <Keeping document={{ ...start, persona: chosen }} onto={onto} verb={chosen ? `Tell people apart by ${chosen}` : "Choose a property"} disabled={chosen === null} onClose={onClose} />
    </>
  );
}

function describe({ known, steady, values }: PersonaChoice): string {
  const first = values.slice(0, VALUES).map(({ value, people }) => `${value} ${count(people)}`).join(", ");
  const rest = values.length > VALUES ? `, ${values.length - VALUES} more` : "";
  return `${first}${rest}. Known early of ${percent(known)}, steady for ${percent(steady)}.`;
}
