/** Builds a question about trends: which events, in which periods, what is added up, and by what it is broken down. */

import { ActionIcon, Select } from "@mantine/core";
import { useExplore } from "@/api/explore.ts";
import type { Choices } from "@/api/types.ts";
import { BreakDown } from "@/stages/measure/break-down.tsx";
import { ownersOf, useWhole } from "@/stages/measure/funnel-counted.ts";
import { ChoiceOf } from "@/stages/measure/paths/fields.tsx";
import { StepPicker } from "@/stages/measure/step-picker.tsx";
import { nameOf, ruleOf } from "@/stages/measure/step-words.ts";
import { showWords } from "@/stages/measure/trends/lines.ts";
import { CloseIcon } from "@/ui/icons.tsx";
import { worded } from "@/ui/worded.tsx";
import classes from "@/stages/measure/builder.module.css";
import { WhosePicker } from "@/stages/measure/whose-picker.tsx";

const PERIODS = [["day", "day"], ["", "week"], ["month", "month"]] as const;

export function TrendsBuilder({ choices }: { readonly choices: Choices }) {
  const { asked, ask } = useExplore();
  const counted = useWhole();
  const words = showWords(counted);
  const shows = (["", "entities", "per_entity", ...(asked.number ? (["sum", "mean"] as const) : [])] as const).map((one) => [one, words[one || "events"]] as const);
  return (
    <div className={classes.builder}>
      <WhosePicker />
      {asked.step.length > 0 && <Steps words={asked.step} onChange={(step) => ask({ step })} />}
      <StepPicker key={asked.step.length} choices={choices} label={asked.step.length === 0 ? "Of what" : "Add a line"} placeholder={asked.step.length === 0 ? "anything" : "and …"} onPick={(word) => ask({ step: asked.step.includes(word) ? asked.step : [...asked.step, word] })} />
      <div className={classes.pair}>
        <ChoiceOf part="period" label="By" options={PERIODS} />
        <ChoiceOf part="show" label="Drawn" options={shows} />
      </div>
      <Select
        size="xs"
        label={worded("Added up")}
        placeholder="nothing"
        searchable
        clearable
        clearButtonProps={{ "aria-label": "Add up nothing" }}
        data={[...choices.numbers]}
        value={asked.number}
        onChange={(number) => ask({ number, show: number ? "sum" : null })}
        nothingFoundMessage="No such number"
      />
      <BreakDown choices={choices} />
      {asked.by && <ChoiceOf part="by_from" label="Its value" options={[["", `the last known of each ${ownersOf(counted).one}`], ["property", "the one on each event"]]} />}
    </div>
  );
}

function Steps({ words, onChange }: { readonly words: readonly string[]; readonly onChange: (words: readonly string[]) => void }) {
  return (
    <div>
      <p className={classes.label} id="trend-steps">
        Lines
      </p>
      <ul className={classes.steps} aria-labelledby="trend-steps">
        {words.map((word) => (
          <li key={word} className={classes.step}>
            <span className={classes.name} title={ruleOf(word)}>
              {nameOf(word)}
            </span>
            <ActionIcon size={24} variant="subtle" color="gray" aria-label={`Take ${nameOf(word)} away`} onClick={() => onChange(words.filter((one) => one !== word))}>
              <CloseIcon size={13} />
            </ActionIcon>
          </li>
        ))}
      </ul>
    </div>
  );
}
