/** Builds a question about cohorts: who begins, which money counts, how people are grouped, and what winning one cost. */

import { Autocomplete, Button, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { useExplore } from "@/api/explore.ts";
import { useColumns } from "@/api/queries.ts";
import type { Choices } from "@/api/types.ts";
import { ownersOf, useWhole } from "@/stages/measure/funnel-counted.ts";
import { ChoiceOf } from "@/stages/measure/paths/fields.tsx";
import { RulePicker } from "@/stages/measure/rule-picker.tsx";
import { StepPicker } from "@/stages/measure/step-picker.tsx";
import { nameOf } from "@/stages/measure/step-words.ts";
import { worded } from "@/ui/worded.tsx";
import classes from "@/stages/measure/builder.module.css";
import { WhosePicker } from "@/stages/measure/whose-picker.tsx";

export function CohortsBuilder({ choices }: { readonly choices: Choices }) {
  const { asked, ask } = useExplore();
  return (
    <div className={classes.builder}>
      <WhosePicker />
      <RulePicker choices={choices} label="They begin with" rule={asked.start} onChange={(start) => ask({ start })} />
      <RulePicker choices={choices} label="Money comes with" rule={asked.paid} onChange={(paid) => ask({ paid })} />
      <Amount key={asked.amount} />
      <Grouping choices={choices} />
      <div className={classes.pair}>
        <ChoiceOf part="period" label="Counted by" options={[["day", "day"], ["week", "week"], ["", "month of 30 days"]]} />
        <ChoiceOf part="ages" label="Shown" options={[["", "all that is known"], ["3", "3 of them"], ["6", "6 of them"], ["12", "12 of them"], ["24", "24 of them"]]} />
      </div>
      <Cost key={asked.cost} />
    </div>
  );
}

/** The property that holds the money. */
function Amount() {
  const { asked, ask } = useExplore();
  const columns = useColumns(true);
  const [text, setText] = useState(asked.amount ?? "value");
  const numbers = (columns.data ?? []).filter((one) => one.kind === "number" || one.kind === "money").map((one) => one.name);
  const keep = (said: string) => ask({ amount: said.trim() === "value" ? null : said.trim() });
  return (
    <Autocomplete
      size="xs"
      label={worded("The amount is in")}
      data={[...new Set(["value", "cost", ...numbers])]}
      value={text}
      onChange={setText}
      onOptionSubmit={keep}
      onBlur={() => keep(text)}
    />
  );
}

/** Cohorts by when people began, by a property, or by whether they did something. */
function Grouping({ choices }: { readonly choices: Choices }) {
  const { asked, ask } = useExplore();
  return (
    <div>
      <Select
        size="xs"
        label={worded("Grouped by")}
        placeholder={asked.behaviour ?? "when they began"}
        searchable
        clearable
        clearButtonProps={{ "aria-label": "Group by when they began" }}
        data={choices.splits.map(({ name, values }) => ({ value: name, label: `${name} (${values ?? "read when first asked"})` }))}
        value={asked.by}
        onChange={(by) => ask({ by, behaviour: null })}
        nothingFoundMessage="No such property"
      />
      <StepPicker key={asked.behaviour} choices={choices} label="or by who did" placeholder={asked.behaviour ?? "nothing"} onPick={(word) => ask({ by: null, behaviour: `did('${nameOf(word).replaceAll("'", "''")}')` })} />
      {asked.behaviour !== null && (
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => ask({ behaviour: null })}>
          Group by when they began
        </Button>
      )}
    </div>
  );
}

/** One number, or a line for every cohort. */
function Cost() {
  const { asked, ask, against } = useExplore();
  const owners = ownersOf(useWhole());
  const [text, setText] = useState(asked.cost ?? "");
  return (
    <TextInput
      size="xs"
      label={worded(`Winning one ${owners.one} cost`)}
      description={against ? "A and B are compared without it." : 'A number, or {"2026-03": 12.5, …}'}
      disabled={against !== null}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => ask({ cost: text.trim() || null })}
      onKeyDown={(event) => event.key === "Enter" && ask({ cost: text.trim() || null })}
    />
  );
}
