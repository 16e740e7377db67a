/** Builds a retention question: what begins, what counts as coming back, and in which periods. */

import { NumberInput, Select } from "@mantine/core";
import { useExplore } from "@/api/explore.ts";
import type { Choices } from "@/api/types.ts";
import { BreakDown } from "@/stages/measure/break-down.tsx";
import { RulePicker } from "@/stages/measure/rule-picker.tsx";
import { WhosePicker } from "@/stages/measure/whose-picker.tsx";
import classes from "./builder.module.css";

export function RetentionBuilder({ choices }: { readonly choices: Choices }) {
  const { asked, ask } = useExplore();
  return (
    <div className={classes.builder}>
      <WhosePicker />
      <RulePicker choices={choices} label="They begin with" rule={asked.start} onChange={(start) => ask({ start })} />
      <RulePicker choices={choices} label="They come back with" rule={asked.return} onChange={(rule) => ask({ return: rule })} />
      <div className={classes.pair}>
        <Select
          size="xs"
          label="By"
          allowDeselect={false}
          data={[
            { value: "day", label: "day" },
            { value: "week", label: "week" },
            { value: "month", label: "month" },
          ]}
          value={asked.period ?? "month"}
          onChange={(period) => ask({ period })}
        />
        <Select
          size="xs"
          label="Counted"
          allowDeselect={false}
          data={[
            { value: "calendar", label: "in that period" },
            { value: "rolling", label: "from their own start" },
            { value: "unbounded", label: "then or later" },
            { value: "recurring", label: "beginning anew" },
          ]}
          value={asked.mode ?? "calendar"}
          onChange={(mode) => ask(mode === "recurring" ? { mode, nth: null } : { mode })}
        />
      </div>
      {asked.mode !== "recurring" && (
        <NumberInput
          size="xs"
          label="Which such event they begin with"
          description="4: cohorts of those who had their fourth use."
          min={1}
          max={99}
          allowDecimal={false}
          clampBehavior="strict"
          value={Number(asked.nth ?? 1)}
          onChange={(nth) => ask({ nth: Number(nth) > 1 ? String(nth) : null })}
        />
      )}
      <BreakDown choices={choices} />
    </div>
  );
}
