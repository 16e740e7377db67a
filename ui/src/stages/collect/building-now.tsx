/** The entity that is built: how far its journeys are, and how that ended. */

import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link } from "wouter";
import { askAnew, keyed } from "@/api/ask-anew.ts";
import type { EntityBuilding } from "@/api/types.ts";
import { count } from "@/lib/format.ts";
import { pluralOf } from "@/lib/units.ts";
import { ProgressLine } from "@/stages/collect/progress-line.tsx";
import classes from "./collect.module.css";

interface BuildingNowProps {
  readonly now: EntityBuilding;
  readonly may: boolean;
  readonly onClose: () => void;
}

/** What was asked of them before is asked anew when they are there. */
const OF_ENTITIES = keyed("entities", "answer", "difference");

export function BuildingNow({ now, may, onClose }: BuildingNowProps) {
  const client = useQueryClient();
  const { state } = now;
  const many = pluralOf(now.name);
  useEffect(() => {
    if (state === "done") void askAnew(client, OF_ENTITIES);
  }, [state, client]);
  if (state === "running") {
    return (
      <ProgressLine label={`Building the journeys of ${many}`} share={now.share} path={may ? "/building" : null}>
        Journeys of <strong>{many}</strong>: {now.stage}
      </ProgressLine>
    );
  }
  return (
    <div className={classes.ended} role="status">
      <span>{endOf(now, many)}</span>
      {state === "done" && (
        <Button size="compact-sm" component={Link} href={`/explore/flow?${new URLSearchParams({ of: now.name }).toString()}`}>
          Ask about {many}
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={onClose}>
        Close
      </Button>
    </div>
  );
}

function endOf({ state, made, trouble }: EntityBuilding, many: string): string {
  if (state === "done") return `The journeys of ${many} are there: ${count(made?.entities ?? 0)} with ${count(made?.events ?? 0)} events.`;
  if (state === "cancelled") return `The building of ${many} was cancelled. What was there before is as it was.`;
  return `The journeys of ${many} were not built. ${trouble?.message ?? ""} ${trouble?.hint ?? ""}`;
}
