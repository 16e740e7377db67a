/** Builds a question about sessions: where one ends and the next begins. */

import type { Choices } from "@/api/types.ts";
import { BreakDown } from "@/stages/measure/break-down.tsx";
import { UnitPicker } from "@/stages/measure/unit-picker.tsx";
import classes from "./builder.module.css";

export function SessionsBuilder({ choices }: { readonly choices: Choices }) {
  return (
    <div className={classes.builder}>
      <UnitPicker choices={choices} label="Cut into" ways={["gap", "id", "event"]} />
      <BreakDown choices={choices} />
    </div>
  );
}
