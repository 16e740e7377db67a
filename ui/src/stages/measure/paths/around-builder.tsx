/** Builds the question what lies around a step: which one, how far, and what counts as a step. */

import { useExplore } from "@/api/explore.ts";
import type { Choices } from "@/api/types.ts";
import { BreakDown } from "@/stages/measure/break-down.tsx";
import { ChoiceOf, OccurrenceField, OneStep, RepeatsField, StatesField, WithinField } from "@/stages/measure/paths/fields.tsx";
import { WaysNav } from "@/stages/measure/paths/ways-nav.tsx";
import classes from "@/stages/measure/builder.module.css";
import { WhosePicker } from "@/stages/measure/whose-picker.tsx";

export function AroundBuilder({ choices }: { readonly choices: Choices }) {
  const { asked } = useExplore();
  return (
    <div className={classes.builder}>
      <WaysNav now="around" />
      <WhosePicker />
      <OneStep choices={choices} part="anchor" label="Around" nothing="Type the name of an event or step" />
      {asked.anchor !== null && <OccurrenceField />}
      <StatesField choices={choices} />
      <div className={classes.pair}>
        <ChoiceOf part="depth" label="To each side" options={[["1", "1 step"], ["", "3 steps"], ["5", "5 steps"], ["9", "9 steps"]]} />
        <WithinField label="Within" />
      </div>
      <div className={classes.pair}>
        <RepeatsField />
        <ChoiceOf part="most" label="Shown" options={[["5", "5 steps"], ["", "9 steps"], ["20", "20 steps"], ["60", "60 steps"]]} />
      </div>
      <BreakDown choices={choices} />
    </div>
  );
}
