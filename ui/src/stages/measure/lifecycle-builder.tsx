/** Builds a question about the life of people: what counts as being there, and in which periods. */

import { Select } from "@mantine/core";
import { useExplore } from "@/api/explore.ts";
import type { Choices } from "@/api/types.ts";
import { BreakDown } from "@/stages/measure/break-down.tsx";
import { RulePicker } from "@/stages/measure/rule-picker.tsx";
import { WhosePicker } from "@/stages/measure/whose-picker.tsx";
import classes from "./builder.module.css";

const PERIODS = ["day", "week", "month"];

export function LifecycleBuilder({ choices }: { readonly choices: Choices }) {
  const { asked, ask } = useExplore();
  return (
    <div className={classes.builder}>
      <WhosePicker />
      <RulePicker choices={choices} label="They are there with" rule={asked.active} onChange={(active) => ask({ active })} />
      <Select size="xs" label="By" allowDeselect={false} data={PERIODS} value={asked.period ?? "week"} onChange={(period) => ask({ period })} />
      <BreakDown choices={choices} />
    </div>
  );
}
