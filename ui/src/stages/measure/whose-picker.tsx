/** Whose journeys are asked about: people's, or those of a declared entity. Not there while none is declared. */

import { Select } from "@mantine/core";
import { useEntities } from "@/api/collect-queries.ts";
import { useExplore } from "@/api/explore.ts";
import { entityOf, pluralOf } from "@/lib/units.ts";
import { worded } from "@/ui/worded.tsx";

export function WhosePicker() {
  const { asked, ask } = useExplore();
  const declared = useEntities().data ?? [];
  const said = entityOf(asked.of);
  const names = [...new Set([...declared.map(({ name }) => name), ...(said ? [said] : [])])];
  if (names.length === 0) return null;
  return (
    <Select
      size="xs"
      label={worded("Journeys of")}
      allowDeselect={false}
      data={[{ value: "", label: "people" }, ...names.map((name) => ({ value: name, label: pluralOf(name) }))]}
      value={said ?? ""}
      onChange={(of) => ask({ of: of || null, ...(of ? { holding: null } : {}) })}
    />
  );
}
