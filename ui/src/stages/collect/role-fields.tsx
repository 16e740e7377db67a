/** One field per meaning, filled with the guess; what a person chooses takes its place. */

import { NativeSelect, TextInput } from "@mantine/core";
import type { ColumnsSaid } from "@/api/collect-queries.ts";
import type { SeenFile } from "@/api/types.ts";
import classes from "./collect.module.css";
import { worded } from "@/ui/worded.tsx";

const ROLES = [
  ["entity", "Whose event it is"],
  ["event", "What happened"],
  ["time", "When"],
  ["value", "Money received"],
  ["cost", "Money paid"],
  ["id", "Id of the event"],
] as const;
/** What every event has. */
export const NEEDED: readonly string[] = ["entity", "event", "time"];

type Guess = SeenFile["roles"][number];

interface RoleFieldsProps {
  readonly seen: SeenFile;
  readonly said: ColumnsSaid;
  readonly onSay: (role: string, column: string) => void;
}

export function RoleFields({ seen, said, onSay }: RoleFieldsProps) {
  if (seen.daily) return <DailyFields seen={seen} said={said} onSay={onSay} />;
  return (
    <div className={classes.roles}>
      {ROLES.map(([role, label]) => {
        const guess = seen.roles.find((one) => one.name === role);
        const guessed = guess?.column ?? "";
        const value = said[role] ?? guessed;
        const known = guessed && !seen.columns.includes(guessed) ? [{ value: guessed, label: guessed.startsWith("=") ? `every row: ${guessed.slice(1)}` : guessed }] : [];
        const none = { value: "", label: NEEDED.includes(role) ? "choose a column" : "no column" };
        return (
          <div key={role}>
            <NativeSelect
              size="xs"
              label={label}
              value={value}
              data={[none, ...known, ...seen.columns.map((column) => ({ value: column, label: column }))]}
              onChange={(event) => onSay(role, event.currentTarget.value)}
            />
            {guess && <Why guess={guess} />}
          </div>
        );
      })}
      <Text label="How times are written" role="time_format" said={said} now={seen.time_format ?? ""} guess={seen.roles.find((one) => one.name === "time_format")} onSay={onSay} about="iso, s, ms, days:2013-10-01 or a pattern such as %d/%m/%Y" />
      <Text label="Currency" role="currency" said={said} now="" onSay={onSay} about="three letters; the workspace's when empty" />
      <Text label="Source" role="source" said={said} now="" onSay={onSay} about="a name; files when empty" />
    </div>
  );
}

/** Of a file that tells no people: what it counts, by what, and of which day. */
function DailyFields({ seen, said, onSay }: RoleFieldsProps) {
  const guess = (name: string) => seen.roles.find((one) => one.name === name);
  return (
    <>
      <p className={classes.line}>
        It tells no people: {guess("measures")?.column} by the day{guess("dimensions")?.column ? ` and by ${guess("dimensions")?.column ?? ""}` : ""}.
      </p>
      <div className={classes.roles}>
        <Text label="Day" role="time" said={said} now={guess("time")?.column ?? ""} guess={guess("time")} onSay={onSay} about="a column, or =2026-05-31 for a file of one day" />
        <Text label="How times are written" role="time_format" said={said} now={seen.time_format ?? ""} guess={guess("time_format")} onSay={onSay} about="iso or a pattern such as %d/%m/%Y" />
        <Text label="Currency" role="currency" said={said} now="" onSay={onSay} about="three letters; the file's or the workspace's when empty" />
        <Text label="Source" role="source" said={said} now="" onSay={onSay} about="a name; the tool's when empty" />
      </div>
    </>
  );
}

/** Why a column is taken for what it is; what is not sure says so. */
function Why({ guess }: { readonly guess: Guess }) {
  return (
    <span className={classes.because} data-sure={guess.sure}>
      {guess.given ? "as you said" : `${guess.sure ? "" : "Not sure: "}${guess.because}`}
    </span>
  );
}

interface TextProps {
  readonly label: string;
  readonly role: string;
  readonly said: ColumnsSaid;
  readonly now: string;
  readonly about: string;
  readonly guess?: Guess | undefined;
  readonly onSay: (role: string, text: string) => void;
}

function Text({ label, role, said, now, about, guess, onSay }: TextProps) {
  return (
    <div>
      <TextInput
        size="xs"
        label={worded(label)}
        autoComplete="off"
        key={now}
        defaultValue={said[role] ?? now}
        onBlur={(event) => {
          const text = event.currentTarget.value.trim();
          if (text !== (said[role] ?? now)) onSay(role, text);
        }}
      />
      {guess && !guess.sure ? <Why guess={guess} /> : <span className={classes.because}>{about}</span>}
    </div>
  );
}
