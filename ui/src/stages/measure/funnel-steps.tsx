/** The steps of a funnel in the builder: their order, which may be left out, and which are either of several. */

import { ActionIcon, Button, Menu } from "@mantine/core";
import { useState } from "react";
import type { Choices } from "@/api/types.ts";
import { StepPicker } from "@/stages/measure/step-picker.tsx";
import { either, leftOut, mayBeLeftOut, nameOf, ruleOf } from "@/stages/measure/step-words.ts";
import { CloseIcon, DownIcon, MoreIcon, UpIcon } from "@/ui/icons.tsx";
import classes from "./builder.module.css";

interface FunnelStepsProps {
  readonly choices: Choices;
  readonly words: readonly string[];
  readonly onChange: (words: readonly string[]) => void;
  readonly onRemove: (place: number) => void;
}

export function FunnelSteps({ choices, words, onChange, onRemove }: FunnelStepsProps) {
  const [joining, setJoining] = useState<number | null>(null);
  const put = (k: number, word: string) => onChange(words.map((one, place) => (place === k ? word : one)));
  const moved = (k: number, to: number) => {
    const rest = words.filter((_, place) => place !== k);
    rest.splice(to, 0, words[k] ?? "");
    onChange(rest);
  };
  return (
    <div>
      <p className={classes.label} id="funnel-steps">
        Steps
      </p>
      <ol className={classes.steps} aria-labelledby="funnel-steps">
        {words.map((word, k) => (
          // By place, so that the focus stays where it was when a step changes.
          <li key={k}>
            <div className={classes.step} data-optional={mayBeLeftOut(word)}>
              <span className={classes.place}>{k + 1}</span>
              <span className={classes.name} title={ruleOf(word)}>
                {nameOf(word)}
                {mayBeLeftOut(word) && <span className={classes.may}>may be left out</span>}
              </span>
              <span className={classes.tools}>
                <Tool label={`Move ${nameOf(word)} up`} disabled={k === 0} onClick={() => moved(k, k - 1)} sign={<UpIcon size={13} />} />
                <Tool label={`Move ${nameOf(word)} down`} disabled={k === words.length - 1} onClick={() => moved(k, k + 1)} sign={<DownIcon size={13} />} />
                <More word={word} first={k === 0} onToggle={() => put(k, leftOut(word, !mayBeLeftOut(word)))} onJoin={() => setJoining(k)} />
                <Tool label={`Take ${nameOf(word)} away`} onClick={() => onRemove(k)} sign={<CloseIcon size={13} />} />
              </span>
            </div>
            {joining === k && (
              <div className={classes.joining}>
                <StepPicker
                  choices={choices}
                  autoFocus
                  label={`Or, in place of ${nameOf(word)}`}
                  placeholder="either one is enough"
                  onPick={(other) => {
                    setJoining(null);
                    put(k, either(word, other));
                  }}
                />
                <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setJoining(null)}>
                  Cancel
                </Button>
              </div>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}

interface ToolProps {
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  readonly sign: React.ReactNode;
}

function Tool({ label, disabled = false, onClick, sign }: ToolProps) {
  return (
    <ActionIcon size={24} variant="subtle" color="gray" disabled={disabled} aria-label={label} onClick={onClick}>
      {sign}
    </ActionIcon>
  );
}

interface MoreProps {
  readonly word: string;
  readonly first: boolean;
  readonly onToggle: () => void;
  readonly onJoin: () => void;
}

function More({ word, first, onToggle, onJoin }: MoreProps) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon size={24} variant="subtle" color="gray" aria-label={`More for ${nameOf(word)}`}>
          <MoreIcon size={13} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onJoin}>Or another step</Menu.Item>
        {(!first || mayBeLeftOut(word)) && <Menu.Item onClick={onToggle}>{mayBeLeftOut(word) ? "Must be taken" : "May be left out"}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
