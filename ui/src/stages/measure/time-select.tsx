/** Chooses a time: one of the usual ones, or any other that is typed, such as 45 minutes. */

import { type ComboboxItem, type ComboboxParsedItem, isOptionsGroup, Select } from "@mantine/core";
import { useState } from "react";
import { spokenTime, typedTime } from "@/stages/measure/time-words.ts";
import { worded } from "@/ui/worded.tsx";

interface TimeSelectProps {
  readonly label: string;
  readonly times: readonly string[];
  /** What it is called to choose none; null where there must be one. */
  readonly none: string | null;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function TimeSelect({ label, times, none, value, onChange }: TimeSelectProps) {
  const [search, setSearch] = useState("");
  const typed = typedTime(search);
  const own = [value, typed ?? ""].filter((one, k, all) => one !== "" && !times.includes(one) && all.indexOf(one) === k);
  const data = [...times, ...own].map((one) => ({ value: one, label: spokenTime(one) }));
  return (
    <Select
      size="xs"
      label={worded(label)}
      allowDeselect={false}
      searchable
      onSearchChange={setSearch}
      filter={({ options, search: wanted }) => fitting(options, wanted)}
      data={none === null ? data : [{ value: "", label: none }, ...data]}
      value={value}
      onChange={(chosen) => onChange(chosen ?? "")}
      nothingFoundMessage="Write a time, such as 45 minutes or 12h"
    />
  );
}

/** What fits the typed words, or is the very time that they mean. */
function fitting(options: readonly ComboboxParsedItem[], search: string): ComboboxParsedItem[] {
  const [wanted, time] = [search.trim().toLowerCase(), typedTime(search)];
  const fits = (one: ComboboxItem) => one.value === time || (time === null && one.label.toLowerCase().includes(wanted));
  return options.filter((one) => isOptionsGroup(one) || fits(one));
}
