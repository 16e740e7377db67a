/** What the page is asked about: period, persona and filters; on its right what belongs to the page. */

import { Button, Popover, Select, UnstyledButton } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useAddress } from "@/api/address.ts";
import { useColumns, usePicture, useWorkspace } from "@/api/queries.ts";
import { PeriodPicker } from "@/app/period-picker.tsx";
import { FilterBuilder, type Keeps } from "@/stages/journeys/filter-builder.tsx";
import { CloseIcon, PlusIcon } from "@/ui/icons.tsx";
import classes from "./selection-bar.module.css";
import { Defined } from "@/ui/worded.tsx";

interface SelectionBarProps {
  readonly children?: ReactNode;
  /** Whether nothing chosen means the period of the price, as on the map, or all that is known. */
  readonly priced?: boolean;
}

export function SelectionBar({ children, priced = true }: SelectionBarProps) {
  const workspace = useWorkspace();
  return (
    <div className={classes.bar} role="region" aria-label="Selection">
      <div className={classes.left}>
        {workspace.data && <PeriodPicker workspace={workspace.data} priced={priced} />}
        <PersonaSwitch />
        <Filters />
      </div>
      <div className={classes.right}>{children}</div>
    </div>
  );
}

function PersonaSwitch() {
  const { selection, select } = useAddress();
  const carrier = usePicture(selection).data?.document.persona ?? null;
  const columns = useColumns(carrier !== null);
  const personas = columns.data?.find((one) => one.name === carrier)?.values.map((one) => one.value) ?? [];
  const known = selection.persona && !personas.includes(selection.persona) ? [selection.persona, ...personas] : personas;
  if (known.length === 0) return null;
  return (
    <Defined text="Persona">
      <Select
        size="xs"
        w={158}
        aria-label="Persona"
        allowDeselect={false}
        value={selection.persona ?? ""}
        data={[{ value: "", label: "all personas" }, ...known.map((one) => ({ value: one, label: one }))]}
        onChange={(value) => select({ persona: value || null })}
      />
    </Defined>
  );
}

function Filters() {
  const { selection, select } = useAddress();
  const [open, setOpen] = useState(false);
  const drop = (keeps: Keeps, text: string) => select({ [keeps]: selection[keeps].filter((one) => one !== text) });
  const add = (keeps: Keeps, text: string) => {
    if (!selection[keeps].includes(text)) select({ [keeps]: [...selection[keeps], text] });
    setOpen(false);
  };
  return (
    <>
      {(["who", "where"] as const).flatMap((keeps) =>
        selection[keeps].map((text) => (
          <span key={`${keeps} ${text}`} className={classes.chip}>
            <span className={classes.keeps}>{keeps === "who" ? "people" : "events"}</span> {text}
            <UnstyledButton aria-label={`Take the filter ${text} away`} onClick={() => drop(keeps, text)}>
              <CloseIcon size={13} />
            </UnstyledButton>
          </span>
        )),
      )}
      <Popover opened={open} onChange={setOpen} position="bottom-start" width={280} trapFocus shadow="md">
        <Popover.Target>
          <Button size="compact-sm" variant="subtle" color="gray" leftSection={<PlusIcon size={13} />} onClick={() => setOpen(!open)}>
            filter
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <FilterBuilder onAdd={add} />
        </Popover.Dropdown>
      </Popover>
    </>
  );
}
