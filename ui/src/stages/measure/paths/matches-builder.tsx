/** A pattern of steps: written as text, with steps and signs to put in, its window and its breakdown. */

import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import { useExplore } from "@/api/explore.ts";
import type { Choices } from "@/api/types.ts";
import { BreakDown } from "@/stages/measure/break-down.tsx";
import { WithinField } from "@/stages/measure/paths/fields.tsx";
import { patternName } from "@/lib/cells.ts";
import { WaysNav } from "@/stages/measure/paths/ways-nav.tsx";
import { StepPicker } from "@/stages/measure/step-picker.tsx";
import { nameOf } from "@/stages/measure/step-words.ts";
import answer from "@/stages/measure/answer.module.css";
import builder from "@/stages/measure/builder.module.css";
import { WhosePicker } from "@/stages/measure/whose-picker.tsx";
import classes from "./ways.module.css";

const SIGNS: readonly (readonly [string, string])[] = [
  ["a -> b", "b comes next after a"],
  ["a ->> b", "b comes later, whatever stands between"],
  ["[a b]", "a or b"],
  ["[^a]", "anything but a"],
  [".", "anything"],
  ["a*", "any number of times; + once or more, ? at most once, {2,3} two or three times"],
  ["start, end", "where the journey begins and ends"],
];

export function MatchesBuilder({ choices }: { readonly choices: Choices }) {
  const { asked } = useExplore();
  return (
    <div className={builder.builder}>
      <WaysNav now="matches" />
      <WhosePicker />
      <PatternField key={asked.pattern ?? ""} choices={choices} />
      <WithinField label="At most, from first to last" />
      <BreakDown choices={choices} />
      <dl className={classes.signs}>
        {SIGNS.map(([sign, means]) => (
          <div key={sign}>
            <dt>
              <code>{sign}</code>
            </dt>
            <dd className={answer.words}>{means}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function PatternField({ choices }: { readonly choices: Choices }) {
  const { asked, ask } = useExplore();
  const [text, setText] = useState(asked.pattern ?? "");
  const add = (word: string) => setText((before) => (before.trim() === "" ? "" : `${before.trimEnd()} -> `) + patternName(nameOf(word)));
  return (
    <form
      className={classes.field}
      onSubmit={(event) => {
        event.preventDefault();
        ask({ pattern: text.trim() });
      }}
    >
      <Textarea
        size="xs"
        label="Pattern"
        placeholder="cart -> [^purchase]* -> end"
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: classes.code ?? "" }}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <StepPicker choices={choices} label="Put in a step" placeholder="next step" onPick={add} />
      <Button type="submit" size="xs" disabled={text.trim() === "" || text.trim() === asked.pattern}>
        Look for it
      </Button>
    </form>
  );
}
