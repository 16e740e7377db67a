/** A program as it runs, from left to right: trigger, wait, audience, arms, message, goal, each with its count. */

import type { Program, ProgramLine } from "@/api/types.ts";
import { count, percent } from "@/lib/format.ts";
import { beginWords, channelWord, waitWords } from "@/stages/act/words.ts";
import classes from "./graph.module.css";
import { Worded } from "@/ui/worded.tsx";

interface NodeProps {
  readonly kind: string;
  readonly name: string;
  readonly what: string;
  readonly more?: string | null;
}

function Node({ kind, name, what, more }: NodeProps) {
  return (
    <div className={classes.node} data-kind={kind}>
      <span className={classes.kind}>
        <Worded text={name} />
      </span>
      <span className={classes.what}>{what}</span>
      {more && <span className={classes.count}>{more}</span>}
    </div>
  );
}

export function ProgramGraph({ program, line }: { readonly program: Program; readonly line: ProgramLine }) {
  const { tally } = line;
  const wait = waitWords(program);
  const kept = Math.max(0, tally.nothing - tally.held_out);
  return (
    <ol className={classes.graph} aria-label="How the program runs">
      <li>
        <Node kind="trigger" name={beginWords(program)} what={line.step_name} more={tally.decided > 0 ? `${count(tally.decided)} decided` : null} />
      </li>
      {wait && (
        <li>
          <Node kind="wait" name="wait" what={wait} more={tally.waiting > 0 ? `${count(tally.waiting)} waiting now` : null} />
        </li>
      )}
      <li>
        <Node kind="audience" name="who may get it" what={program.who ?? "Everybody who agreed"} more={kept > 0 ? `${count(kept)} may not, or are capped` : null} />
      </li>
      <li>
        <div className={classes.arms}>
          <Node kind="arm" name="treated" what={percent(1 - program.holdout)} />
          <Node kind="arm" name="comparison group" what={percent(program.holdout)} more={tally.held_out > 0 ? `${count(tally.held_out)} got nothing` : null} />
        </div>
      </li>
      <li>
        <Node kind="message" name={channelWord(program.channel)} what={program.message.subject || "No subject"} more={tally.sent > 0 ? `${count(tally.sent)} sent` : null} />
      </li>
      {line.goal_name && (
        <li>
          <Node kind="goal" name="ends it" what={line.goal_name} />
        </li>
      )}
    </ol>
  );
}
