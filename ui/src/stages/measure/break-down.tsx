/** Which property breaks an answer down; not while two selections are compared. */

import { Select } from "@mantine/core";
import { useExplore } from "@/api/explore.ts";
import type { Choices } from "@/api/types.ts";
import { worded } from "@/ui/worded.tsx";

export function BreakDown({ choices }: { readonly choices: Choices }) {
  const { asked, ask, against } = useExplore();
  return (
    <Select
      size="xs"
      label={worded("Broken down by")}
      placeholder="nothing"
      searchable
      clearable
      clearButtonProps={{ "aria-label": "Break down by nothing" }}
      disabled={against !== null}
      description={against !== null ? "A and B are compared whole." : undefined}
      data={choices.splits.map(({ name, values }) => ({ value: name, label: `${name} (${values ?? "read when first asked"})` }))}
      value={asked.by}
      onChange={(by) => ask({ by })}
      nothingFoundMessage="No such property"
    />
  );
}
