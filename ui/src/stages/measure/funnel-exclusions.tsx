/** What ends an attempt: steps that must not lie between two steps of the funnel. */

import { ActionIcon, Button, Select } from "@mantine/core";
import { useState } from "react";
import type { Choices } from "@/api/types.ts";
import { type Exclusion, readExclusion, writeExclusion } from "@/stages/measure/exclusion-words.ts";
import { StepPicker } from "@/stages/measure/step-picker.tsx";
import { mayBeLeftOut, nameOf, ruleOf } from "@/stages/measure/step-words.ts";
import { CloseIcon } from "@/ui/icons.tsx";
import classes from "./builder.module.css";

interface FunnelExclusionsProps {
  readonly choices: Choices;
  readonly steps: readonly string[];
  readonly texts: readonly string[];
  readonly onChange: (texts: readonly string[]) => void;
}

export function FunnelExclusions({ choices, steps, texts, onChange }: FunnelExclusionsProps) {
  const [adding, setAdding] = useState(false);
  const read = texts.map((text) => readExclusion(text, steps.length));
  // An exclusion begins and ends at steps that must be taken.
  const places = steps.flatMap((word, k) => (mayBeLeftOut(word) ? [] : [{ value: String(k + 1), label: `${k + 1} ${nameOf(word)}` }]));
  const put = (k: number, one: Exclusion) => onChange(texts.map((text, place) => (place === k ? writeExclusion(one) : text)));
  const [first, last] = [places[0], places.at(-1)];
  if (!first || !last || first === last) return null;
  return (
    <div>
      {read.length > 0 && (
        <>
          <p className={classes.label} id="funnel-exclusions">
            Must not lie in between
          </p>
          <ul className={classes.steps} aria-labelledby="funnel-exclusions">
            {read.map((one, k) => (
              <li key={`${k} ${one.word}`} className={classes.exclusion}>
                <div className={classes.line}>
                  <span className={classes.name} title={ruleOf(one.word)}>
                    {nameOf(one.word)}
                  </span>
                  <ActionIcon size={24} variant="subtle" color="gray" aria-label={`Allow ${nameOf(one.word)} again`} onClick={() => onChange(texts.filter((_, place) => place !== k))}>
                    <CloseIcon size={13} />
                  </ActionIcon>
                </div>
                <div className={classes.pair}>
                  <Select size="xs" label="After" allowDeselect={false} data={places.filter((place) => Number(place.value) < one.before)} value={String(one.after)} onChange={(after) => put(k, { ...one, after: Number(after) })} />
                  <Select size="xs" label="Before" allowDeselect={false} data={places.filter((place) => Number(place.value) > one.after)} value={String(one.before)} onChange={(before) => put(k, { ...one, before: Number(before) })} />
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
      {adding ? (
        <div className={classes.joining}>
          <StepPicker
            choices={choices}
            autoFocus
            label="What must not lie in between"
            placeholder="an event or step that ends the attempt"
            onPick={(word) => {
              setAdding(false);
              onChange([...texts, writeExclusion({ word, after: Number(first.value), before: Number(last.value) })]);
            }}
          />
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setAdding(false)}>
            Cancel
          </Button>
        </div>
      ) : (
        <Button size="compact-xs" variant="subtle" onClick={() => setAdding(true)}>
          + What must not lie in between
        </Button>
      )}
    </div>
  );
}
