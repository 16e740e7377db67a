/** Every change of an opportunity, the newest first; the last one can be taken back. */

import { Button } from "@mantine/core";
import type { Opportunity, OpportunityChange } from "@/api/types.ts";
import { moment } from "@/lib/format.ts";
import classes from "./plan.module.css";

interface HistoryProps {
  readonly one: Opportunity;
  readonly timezone: string;
  readonly onUndo: (said: OpportunityChange) => void;
}

export function History({ one, timezone, onUndo }: HistoryProps) {
  const last = one.history.at(-1);
  return (
    <details className={classes.history}>
      <summary>
        {one.history.length === 0 ? "History" : `History, ${one.history.length} change${one.history.length > 1 ? "s" : ""}`}
      </summary>
      <ol reversed>
        {[...one.history].reverse().map((change, k) => (
          <li key={`${change.at} ${change.field}`}>
            {moment(change.at, timezone)}: {change.by} changed {change.field} from {change.before ?? "nothing"} to {change.after ?? "nothing"}.
            {k === 0 && last && (
              <Button size="compact-xs" variant="subtle" onClick={() => onUndo({ [last.field]: last.before })}>
                Undo
              </Button>
            )}
          </li>
        ))}
        <li>
          {moment(one.accepted, timezone)}: {one.accepted_by} accepted it.
        </li>
      </ol>
    </details>
  );
}
