/** What questions about ways have alike: an anchor, which states, repeats, time and how walks are counted. */

import { ActionIcon, Select } from "@mantine/core";
import { type Part, useExplore } from "@/api/explore.ts";
import type { Choices } from "@/api/types.ts";
import { StepPicker } from "@/stages/measure/step-picker.tsx";
import { nameOf, ruleOf } from "@/stages/measure/step-words.ts";
import { TimeSelect } from "@/stages/measure/time-select.tsx";
import { CloseIcon } from "@/ui/icons.tsx";
import { worded } from "@/ui/worded.tsx";
import classes from "./ways.module.css";

interface OneStepProps {
  readonly choices: Choices;
  readonly part: "anchor" | "until" | "goal";
  readonly label: string;
  readonly nothing: string;
}

/** One event or step that is chosen by name, and can be taken away. */
export function OneStep({ choices, part, label, nothing }: OneStepProps) {
  const { asked, ask } = useExplore();
  const word = asked[part];
  if (word === null) return <StepPicker choices={choices} label={label} placeholder={nothing} onPick={(one) => ask({ [part]: one })} />;
  return (
    <div className={classes.field} role="group" aria-label={label}>
      <p className={classes.label}>{label}</p>
      <div className={classes.chosen}>
        <span className={classes.name} title={ruleOf(word)}>
          {nameOf(word)}
        </span>
        <ActionIcon size={24} variant="subtle" color="gray" aria-label={`Take ${nameOf(word)} away`} onClick={() => ask({ [part]: null })}>
          <CloseIcon size={13} />
        </ActionIcon>
      </div>
    </div>
  );
}

interface ChoiceProps {
  readonly part: Part;
  readonly label: string;
  /** Value as the API takes it, empty for what it takes unsaid; then how people read it. */
  readonly options: readonly (readonly [string, string])[];
}

/** One word of the question out of a few. */
export function ChoiceOf({ part, label, options }: ChoiceProps) {
  const { asked, ask } = useExplore();
  const said = asked[part] ?? "";
  const known = options.some(([value]) => value === said) ? options : [...options, [said, said] as const];
  return <Select size="xs" label={worded(label)} allowDeselect={false} data={known.map(([value, text]) => ({ value, label: text }))} value={said} onChange={(value) => ask({ [part]: value })} />;
}

/** Events as they are, or the steps of the map in their place. */
export function StatesField({ choices }: { readonly choices: Choices }) {
  const { asked, ask } = useExplore();
  const words = choices.steps.map((step) => step.word);
  if (words.length === 0) return null;
  return (
    <Select
      size="xs"
      label={worded("What counts as a step")}
      allowDeselect={false}
      data={[
        { value: "events", label: "every event" },
        { value: "steps", label: "the steps of the map" },
      ]}
      value={asked.states.length > 0 ? "steps" : "events"}
      onChange={(value) => ask({ states: value === "steps" ? words : [], opened: [] })}
    />
  );
}

export function RepeatsField() {
  return (
    <ChoiceOf
      part="repeats"
      label="The same again"
      options={[
        ["", "counts once"],
        ["keep", "counts each time"],
      ]}
    />
  );
}

export function WithinField({ label }: { readonly label: string }) {
  const { asked, ask } = useExplore();
  return <TimeSelect label={label} none="any time" times={["30m", "1d", "7d", "30d"]} value={asked.within ?? ""} onChange={(within) => ask({ within })} />;
}

/** Which occurrence of the anchor begins a walk: one of each person, or every one. */
export function OccurrenceField() {
  const { asked, ask } = useExplore();
  const value = asked.count === "occurrences" ? "every" : (asked.which ?? "");
  const options = [
    { value: "", label: "the first time" },
    { value: "last", label: "the last time" },
    { value: "2", label: "the second time" },
    { value: "every", label: "every time" },
  ];
  const known = options.some((one) => one.value === value) ? options : [...options, { value, label: `time ${value}` }];
  return (
    <Select
      size="xs"
      label="Taken"
      allowDeselect={false}
      data={known}
      value={value}
      onChange={(said) => ask(said === "every" ? { which: null, count: "occurrences" } : { which: said, count: null })}
    />
  );
}
