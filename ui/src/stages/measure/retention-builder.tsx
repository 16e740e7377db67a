/** Builds a retention question: what begins, what counts as coming back, and in which periods. */

import { Button, Select } from "@mantine/core";
import { useExplore } from "@/api/explore.ts";
import type { Choices } from "@/api/types.ts";
import { BreakDown } from "@/stages/measure/break-down.tsx";
import { StepPicker } from "@/stages/measure/step-picker.tsx";
import { ruleOf } from "@/stages/measure/step-words.ts";
import classes from "./builder.module.css";

export function RetentionBuilder({ choices }: { readonly choices: Choices }) {
  const { asked, ask } = useExplore();
  return (
    <div className={classes.builder}>
      <Rule choices={choices} label="They begin with" rule={asked.start} onChange={(start) => ask({ start })} />
      <Rule choices={choices} label="They come back with" rule={asked.return} onChange={(rule) => ask({ return: rule })} />
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
          ]}
          value={asked.mode ?? "calendar"}
          onChange={(mode) => ask({ mode })}
        />
      </div>
      <BreakDown choices={choices} />
    </div>
  );
}

interface RuleProps {
  readonly choices: Choices;
  readonly label: string;
  readonly rule: string | null;
  readonly onChange: (rule: string | null) => void;
}

/** Any event, or one that is chosen; the address holds its predicate. */
export function Rule({ choices, label, rule, onChange }: RuleProps) {
  const known = [...choices.steps.map((one) => one.word), ...choices.events.map((one) => one.value)];
  const chosen = rule === null ? null : (known.find((word) => ruleOf(word) === rule) ?? rule);
  return (
    <div>
      <StepPicker key={rule} choices={choices} label={label} placeholder={chosen === null ? "anything" : short(chosen)} onPick={(word) => onChange(ruleOf(word))} />
      {rule !== null && (
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => onChange(null)}>
          Anything counts
        </Button>
      )}
    </div>
  );
}

function short(word: string): string {
  return word.split(":=")[0]?.trim() ?? word;
}
