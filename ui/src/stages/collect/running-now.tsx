/** The import that runs: how far it is, what became of it, or why it was refused. */

import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link } from "wouter";
import { askAnew } from "@/api/ask-anew.ts";
import type { RunningImport } from "@/api/types.ts";
import { count } from "@/lib/format.ts";
import { ProgressLine } from "@/stages/collect/progress-line.tsx";
import classes from "./collect.module.css";

interface RunningNowProps {
  readonly running: RunningImport;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const KEPT: ReadonlySet<unknown> = new Set(["me", "running", "look"]);

export function RunningNow({ running, onClose, onDone }: RunningNowProps) {
  const client = useQueryClient();
  const { state } = running;
  useEffect(() => {
    if (state !== "done") return;
    onDone();
    void askAnew(client, { predicate: ({ queryKey }) => !KEPT.has(queryKey[0]) });
    // Only the moment at which it is done matters, not which functions are passed along.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [state, client]);
  if (state === "running") {
    return (
      <ProgressLine label={`Importing ${running.file}`} share={running.share} path="/running">
        Importing <strong>{running.file}</strong>: {running.stage}, {count(running.rows)} rows read, {count(running.rejected)} refused
      </ProgressLine>
    );
  }
  return (
    <div className={classes.ended} role="status">
      <span>
        <Ended running={running} />
      </span>
      {state === "done" && (
        <Button size="compact-sm" component={Link} href="/map">
          Open the map
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={onClose}>
        Close
      </Button>
    </div>
  );
}

function Ended({ running }: { readonly running: RunningImport }) {
  switch (running.state) {
    case "done":
      return (
        <>
          <strong>{running.file}</strong> is in: {resultOf(running)} The workspace holds {count(running.events ?? 0)} events of {count(running.entities ?? 0)} people.
        </>
      );
    case "cancelled":
      return <>The import of {running.file} was cancelled. Nothing of it was kept.</>;
    default:
      return (
        <>
          {running.file} was not imported. {running.trouble?.message} {running.trouble?.hint}
        </>
      );
  }
}

/** What became of its rows; what did not happen is not said. */
function resultOf({ accepted, duplicates, rejected, daily }: RunningImport): string {
  const [one, many] = daily ? ["number by the day is", "numbers by the day are"] : ["event is", "events are"];
  const said = [`${count(accepted ?? 0)} ${accepted === 1 ? one : many} new`];
  if (duplicates) said.push(`${count(duplicates)} ${duplicates === 1 ? "was" : "were"} there already`);
  if (rejected) said.push(`${count(rejected)} ${rejected === 1 ? "row was" : "rows were"} refused, each is kept below with its reason`);
  return `${said.join(", ")}.`;
}
