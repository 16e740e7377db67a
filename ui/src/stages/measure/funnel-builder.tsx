/** Builds a funnel: its steps in order, the time they may take, and what breaks it down. */

import { ActionIcon, Select } from "@mantine/core";
import { useExplore } from "@/api/explore.ts";
import type { Choices } from "@/api/types.ts";
import { BreakDown } from "@/stages/measure/break-down.tsx";
import { SaveToMap } from "@/stages/measure/save-to-map.tsx";
import { StepPicker } from "@/stages/measure/step-picker.tsx";
import { nameOf, ruleOf } from "@/stages/measure/step-words.ts";
import { CloseIcon, DownIcon, UpIcon } from "@/ui/icons.tsx";
import classes from "./builder.module.css";

const WINDOWS = [
  { value: "", label: "any time" },
  { value: "30m", label: "30 minutes" },
  { value: "1d", label: "a day" },
  { value: "7d", label: "7 days" },
  { value: "14d", label: "14 days" },
  { value: "30d", label: "30 days" },
  { value: "90d", label: "90 days" },
];
const ORDERS = [
  { value: "", label: "in this order" },
  { value: "strict", label: "straight after each other" },
  { value: "any", label: "in any order" },
];

export function FunnelBuilder({ choices }: { readonly choices: Choices }) {
  const { asked, ask } = useExplore();
  const windows = asked.within && !WINDOWS.some((one) => one.value === asked.within) ? [...WINDOWS, { value: asked.within, label: asked.within }] : WINDOWS;
  const first = asked.step.length === 0;
  return (
    <div className={classes.builder}>
      {!first && <Steps words={asked.step} onChange={(step) => ask({ step })} />}
      <StepPicker
        key={asked.step.length}
        choices={choices}
        autoFocus={first}
        label={first ? "First step" : "Add a step"}
        placeholder={first ? "Type the name of an event or step" : "and then …"}
        onPick={(word) => ask({ step: [...asked.step, word] })}
      />
      <div className={classes.pair}>
        <Select size="xs" label="Within" allowDeselect={false} data={windows} value={asked.within ?? ""} onChange={(within) => ask({ within })} />
        <Select size="xs" label="Taken" allowDeselect={false} data={ORDERS} value={asked.order ?? ""} onChange={(order) => ask({ order })} />
      </div>
      <BreakDown choices={choices} />
      {asked.step.length > 1 && <SaveToMap steps={asked.step} />}
    </div>
  );
}

interface StepsProps {
  readonly words: readonly string[];
  readonly onChange: (words: readonly string[]) => void;
}

function Steps({ words, onChange }: StepsProps) {
  const without = (k: number) => words.filter((_, place) => place !== k);
  const moved = (k: number, to: number) => {
    const rest = [...without(k)];
    rest.splice(to, 0, words[k] ?? "");
    return rest;
  };
  return (
    <div>
      <p className={classes.label} id="funnel-steps">
        Steps
      </p>
      <ol className={classes.steps} aria-labelledby="funnel-steps">
        {words.map((word, k) => (
          <li key={`${k} ${word}`} className={classes.step}>
            <span className={classes.place}>{k + 1}</span>
            <span className={classes.name} title={ruleOf(word)}>
              {nameOf(word)}
            </span>
            <span className={classes.tools}>
              <ActionIcon size={24} variant="subtle" color="gray" disabled={k === 0} aria-label={`Move ${nameOf(word)} up`} onClick={() => onChange(moved(k, k - 1))}>
                <UpIcon size={13} />
              </ActionIcon>
              <ActionIcon size={24} variant="subtle" color="gray" disabled={k === words.length - 1} aria-label={`Move ${nameOf(word)} down`} onClick={() => onChange(moved(k, k + 1))}>
                <DownIcon size={13} />
              </ActionIcon>
              <ActionIcon size={24} variant="subtle" color="gray" aria-label={`Take ${nameOf(word)} away`} onClick={() => onChange(without(k))}>
                <CloseIcon size={13} />
              </ActionIcon>
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
