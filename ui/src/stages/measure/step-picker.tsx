/** Finds a step by name: the map's steps first, then events with how often they happened. */

import { type ComboboxItem, type ComboboxParsedItem, isOptionsGroup, Select } from "@mantine/core";
import { useState } from "react";
import type { Choices } from "@/api/types.ts";
import { count } from "@/lib/format.ts";
import { type Choice, stepChoices, takes } from "@/stages/measure/step-words.ts";
import classes from "./builder.module.css";
import { worded } from "@/ui/worded.tsx";

const SHOWN = 60;

interface StepPickerProps {
  readonly choices: Choices;
  readonly label: string;
  readonly placeholder: string;
  readonly onPick: (word: string) => void;
  readonly autoFocus?: boolean;
}

export function StepPicker({ choices, label, placeholder, onPick, autoFocus = false }: StepPickerProps) {
  const [search, setSearch] = useState("");
  const { steps, events } = stepChoices(choices);
  const known = new Map([...steps, ...events].map((one): [string, Choice] => [one.value, one]));
  return (
    <Select
      size="xs"
      label={worded(label)}
      placeholder={placeholder}
      searchable
      autoFocus={autoFocus}
      openOnFocus={!autoFocus}
      // Else the list forgets by a timer what was chosen in it: on a page that draws an answer, after the key was pressed.
      selectFirstOptionOnDropdownOpen
      limit={SHOWN}
      filter={({ options, search: typed }) => nearest(options, typed)}
      value={null}
      searchValue={search}
      onSearchChange={setSearch}
      data={[
        { group: "Steps of the map", items: steps.map(({ value, label: text }) => ({ value, label: text })) },
        { group: "Events", items: events.map(({ value, label: text }) => ({ value, label: text })) },
      ]}
      renderOption={({ option }) => (
        <span className={classes.option}>
          <span>{option.label}</span>
          <span className={classes.soft}>{occurs(known.get(option.value))}</span>
        </span>
      )}
      nothingFoundMessage="Nothing goes by this name"
      onChange={(value) => {
        if (value) onPick(value);
        setSearch("");
      }}
    />
  );
}

/** What an event did and what a step of the map takes. */
function occurs(choice: Choice | undefined): string {
  if (!choice) return "";
  return choice.count === null ? takes(choice.value) : `${count(choice.count)} times`;
}

/** What fits, the closest first; a group with the very name typed stands above the others. */
function nearest(groups: readonly ComboboxParsedItem[], typed: string): ComboboxParsedItem[] {
  const wanted = typed.trim().toLowerCase();
  const far = ({ label }: ComboboxItem) => {
    const at = label.toLowerCase().indexOf(wanted);
    return at < 0 ? Number.POSITIVE_INFINITY : at * 1000 + label.length - wanted.length;
  };
  const fits = groups.flatMap((one) => (isOptionsGroup(one) ? [{ ...one, items: one.items.filter((item) => far(item) < Number.POSITIVE_INFINITY) }] : []));
  if (wanted === "") return fits;
  const sorted = fits.map((one) => ({ ...one, items: [...one.items].sort((a, b) => far(a) - far(b)) }));
  return sorted.sort((a, b) => Math.min(Number.MAX_SAFE_INTEGER, ...a.items.map(far)) - Math.min(Number.MAX_SAFE_INTEGER, ...b.items.map(far)));
}
