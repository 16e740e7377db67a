/** The lines of today: a sign for how pressing it is, the finding, and its verb. */

import { Button, Code, CopyButton } from "@mantine/core";
import { Link } from "wouter";
import type { Today, TodayLine } from "@/api/types.ts";
import { inSigns } from "@/lib/format.ts";
import classes from "./today.module.css";

const SIGNS: Record<TodayLine["kind"], { readonly sign: string; readonly means: string }> = {
  begin: { sign: "→", means: "Begin here" },
  stop: { sign: "■", means: "Stop" },
  late: { sign: "▲", means: "Late" },
  waits: { sign: "◆", means: "Waits" },
  changed: { sign: "●", means: "Changed" },
};

interface LinesProps {
  readonly today: Today;
  readonly currency: string;
  readonly exists: (path: string) => boolean;
}

export function TodayLines({ today, currency, exists }: LinesProps) {
  return (
    <ol className={classes.lines}>
      {today.lines.map((line) => (
        <li key={line.id} className={classes.line} data-kind={line.kind}>
          <span className={classes.sign} title={SIGNS[line.kind].means} role="img" aria-label={SIGNS[line.kind].means}>
            {SIGNS[line.kind].sign}
          </span>
          <p className={classes.text}>{inSigns(line.text, currency)}</p>
          <Act line={line} exists={exists(line.link.split("?")[0] ?? "")} />
        </li>
      ))}
    </ol>
  );
}

/** The verb leads to its page; where that page does not stand yet, the command does it. */
function Act({ line, exists }: { readonly line: TodayLine; readonly exists: boolean }) {
  if (exists)
    return (
      <Button component={Link} href={line.link} size="compact-sm" variant="light">
        {line.verb}
      </Button>
    );
  if (!line.command) return null;
  return (
    <span className={classes.command}>
      <Code>{line.command}</Code>
      <CopyButton value={line.command}>
        {({ copied, copy }) => (
          <Button size="compact-sm" onClick={copy}>
            {copied ? "Copied" : "Copy the command"}
          </Button>
        )}
      </CopyButton>
    </span>
  );
}
