/** Builds a question about sessions: where one ends and the next begins. */

import { useExplore } from "@/api/explore.ts";
import type { Choices } from "@/api/types.ts";
import { entityOf } from "@/lib/units.ts";
import { BreakDown } from "@/stages/measure/break-down.tsx";
import { UnitPicker } from "@/stages/measure/unit-picker.tsx";
import { WhosePicker } from "@/stages/measure/whose-picker.tsx";
import classes from "./builder.module.css";

export function SessionsBuilder({ choices }: { readonly choices: Choices }) {
  const { asked } = useExplore();
  return (
    <div className={classes.builder}>
      <WhosePicker />
      <UnitPicker choices={choices} label="Cut into" ways={entityOf(asked.of) ? ["gap"] : ["gap", "id", "event"]} />
      <BreakDown choices={choices} />
    </div>
  );
}
