/** Today: what changed since I was here, and what waits; at most seven lines. */

import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { useToday } from "@/api/plan-queries.ts";
import { useWorkspace } from "@/api/queries.ts";
import type { Workspace } from "@/api/types.ts";
import { Asking } from "@/app/asking.tsx";
import { PAGES } from "@/app/pages.ts";
import { moment } from "@/lib/format.ts";
import { lastVisit, rememberVisit } from "@/stages/today/last-visit.ts";
import { TodayLines } from "@/stages/today/today-lines.tsx";
import classes from "./today-page.module.css";

export function TodayPage() {
  const workspace = useWorkspace();
  return (
    <Asking query={workspace} what="Opening the workspace">
      {(found) => <Lines key={found.name} workspace={found} />}
    </Asking>
  );
}

function Lines({ workspace }: { readonly workspace: Workspace }) {
  const [last] = useState(() => lastVisit(workspace.name, Date.now()));
  const today = useToday(last);
  const { data } = today;
  useEffect(() => {
    if (data) rememberVisit(workspace.name, { at: data.now, rows: data.rows }, last);
  }, [data, last, workspace.name]);
  return (
    <Asking query={today} what="Looking at what changed">
      {(found) => (
        <div className={classes.page}>
          <h1 className={classes.head}>Today</h1>
          <p className={classes.since}>{found.since ? `Since you were here on ${moment(found.since, workspace.timezone)}.` : "Your first visit in this browser."}</p>
          {found.quiet ? <Quiet said={found.quiet} /> : <TodayLines today={found} currency={workspace.currency} exists={(path) => PAGES.some((page) => page.path === path)} />}
          {found.more > 0 && <p className={classes.since}>{found.more} more lines stand behind these.</p>}
        </div>
      )}
    </Asking>
  );
}

function Quiet({ said }: { readonly said: string }) {
  return (
    <div className={classes.quiet}>
      <p>{said}</p>
      <Button component={Link} href="/map" size="compact-sm" variant="light">
        Open the map
      </Button>
    </div>
  );
}
