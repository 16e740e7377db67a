/** Programs in a list: what each does, whether it runs, and how its decisions ended. */

import { Link } from "wouter";
import type { ProgramLine } from "@/api/types.ts";
import { count } from "@/lib/format.ts";
import { STATE_WORDS } from "@/stages/act/words.ts";
import inLines from "@/ui/line-list.module.css";
import classes from "./act.module.css";

interface ProgramListProps {
  readonly lines: readonly ProgramLine[];
  readonly chosen: string | null;
  readonly linkTo: (id: string) => string;
}

export function ProgramList({ lines, chosen, linkTo }: ProgramListProps) {
  return (
    <ul className={inLines.list}>
      {lines.map((line) => (
        <li key={line.id}>
          <Link className={inLines.line ?? ""} href={linkTo(line.id)} aria-current={line.id === chosen ? "true" : undefined}>
            <p className={classes.soft}>{STATE_WORDS[line.state]}</p>
            <p className={inLines.name}>{line.name}</p>
            <p className={classes.soft}>{tallyWords(line)}</p>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function tallyWords({ tally, state }: ProgramLine): string {
  if (tally.decided === 0 && tally.waiting === 0) return state === "draft" ? "Not started yet." : "Nothing decided yet.";
  const said = [`${count(tally.sent)} sent`, `${count(tally.nothing)} not`];
  if (tally.waiting > 0) said.push(`${count(tally.waiting)} waiting`);
  if (tally.unknown > 0) said.push(`${count(tally.unknown)} unknown`);
  return said.join(" · ");
}
