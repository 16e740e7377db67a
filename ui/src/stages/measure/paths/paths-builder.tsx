/** Builds a question about paths: from where, to where, how far, and what counts as a step. */

import { useExplore } from "@/api/explore.ts";
import type { Choices } from "@/api/types.ts";
import { BreakDown } from "@/stages/measure/break-down.tsx";
import { ChoiceOf, OccurrenceField, OneStep, RepeatsField, StatesField, WithinField } from "@/stages/measure/paths/fields.tsx";
import { WaysNav } from "@/stages/measure/paths/ways-nav.tsx";
import classes from "@/stages/measure/builder.module.css";
import { WhosePicker } from "@/stages/measure/whose-picker.tsx";

export function PathsBuilder({ choices }: { readonly choices: Choices }) {
  const { asked } = useExplore();
  const back = asked.direction === "backward";
  return (
    <div className={classes.builder}>
      <WaysNav now="paths" />
      <WhosePicker />
      {asked.until === null && (
        <ChoiceOf
          part="direction"
          label="Look"
          options={[
            ["", "forward: what follows"],
            ["backward", "back: what leads to it"],
          ]}
        />
      )}
      <OneStep choices={choices} part="anchor" label={back ? "What leads to" : "From"} nothing={back ? "the end of the journey" : "the start of the journey"} />
      {!back && <OneStep choices={choices} part="until" label="To" nothing="anywhere" />}
      {asked.anchor !== null && <OccurrenceField />}
      <StatesField choices={choices} />
      <div className={classes.pair}>
        <ChoiceOf part="depth" label="How far" options={[["2", "2 steps"], ["", "4 steps"], ["6", "6 steps"], ["9", "9 steps"]]} />
        <WithinField label="Within" />
      </div>
      <div className={classes.pair}>
        <RepeatsField />
        <ChoiceOf part="most" label="Shown at a time" options={[["4", "4 steps"], ["", "7 steps"], ["15", "15 steps"], ["60", "60 steps"]]} />
      </div>
      <BreakDown choices={choices} />
    </div>
  );
}
