/** Which events count: any, or one that is chosen. */

import { Button } from "@mantine/core";
import type { Choices } from "@/api/types.ts";
import { StepPicker } from "@/stages/measure/step-picker.tsx";
import { ruleOf } from "@/stages/measure/step-words.ts";

interface RuleProps {
  readonly choices: Choices;
  readonly label: string;
  readonly rule: string | null;
  readonly onChange: (rule: string | null) => void;
}

/** Any event, or one that is chosen; the address holds its predicate. */
export function RulePicker({ choices, label, rule, onChange }: RuleProps) {
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
