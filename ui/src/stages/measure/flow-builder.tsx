/** Builds a question about moves: whose, and whether their money is wanted. */

import { Switch } from "@mantine/core";
import { useExplore } from "@/api/explore.ts";
import type { Choices } from "@/api/types.ts";
import { wholeOf, wordsOf } from "@/stages/measure/funnel-counted.ts";
import { UnitPicker } from "@/stages/measure/unit-picker.tsx";
import { WhosePicker } from "@/stages/measure/whose-picker.tsx";
import { worded } from "@/ui/worded.tsx";
import answers from "./answer.module.css";
import classes from "./builder.module.css";

export function FlowBuilder({ choices }: { readonly choices: Choices }) {
  const { asked, ask } = useExplore();
  return (
    <div className={classes.builder}>
      <p className={answers.note}>Every event and the one right after it, of the same {wordsOf(wholeOf(asked.of)).one}. Filters above keep fewer {wordsOf(wholeOf(asked.of)).many} or fewer events; the neighbours are then the events that are kept.</p>
      <WhosePicker />
      <UnitPicker choices={choices} label="Inside" ways={["person", "gap", "id", "event"]} />
      <Switch size="xs" label={worded("Net money of the events they go to")} checked={asked.money === "value"} onChange={(event) => ask({ money: event.currentTarget.checked ? "value" : null })} />
    </div>
  );
}
