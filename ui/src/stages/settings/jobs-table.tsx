/** What happens by itself: when it is due, how it went the last time, and running it now. */

import { Button } from "@mantine/core";
import { useChange, useJobs, useMay } from "@/api/login-queries.ts";
import type { JobRow } from "@/api/types.ts";
import { moment } from "@/lib/format.ts";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { Refused } from "@/stages/settings/refused.tsx";
import { DataTable } from "@/ui/data-table.tsx";
import { EmptyState, LoadingState } from "@/ui/states.tsx";

/** Running these takes a higher role: they may send something, or delete it for good. */
const NEEDS: Readonly<Record<string, "sender" | "admin">> = { decide: "sender", deliver: "sender", erase: "admin" };

const STATES: Readonly<Record<string, string>> = {
  running: "● runs now",
  waiting: "○ waits",
  late: "▲ late: nobody runs it",
  failed: "■ failed, is tried again",
};

export function JobsTable({ timezone }: { readonly timezone: string }) {
  const jobs = useJobs();
  const change = useChange();
  const may = { editor: useMay("editor"), sender: useMay("sender"), admin: useMay("admin") };
  if (jobs.isPending) return <LoadingState what="Reading the jobs" />;
  if (jobs.isError) return <Failed error={jobs.error} retry={() => void jobs.refetch()} />;
  if (jobs.data.length === 0) return <EmptyState title="No jobs yet" text="Jobs are known as soon as a server runs." command="pathworth serve" />;
  const run = (row: JobRow) => change.mutate({ method: "POST", path: `/api/run/jobs/${encodeURIComponent(row.name)}/run` });
  return (
    <>
      <DataTable
        caption="Jobs"
        rows={jobs.data}
        keyOf={(row) => row.name}
        columns={[
          { name: "Job", sort: (row) => row.name, show: (row) => row.name },
          { name: "When", show: (row) => row.period },
          { name: "State", sort: (row) => row.state, show: (row) => STATES[row.state] ?? row.state },
          { name: "Next", sort: (row) => row.next, show: (row) => (row.next ? moment(row.next, timezone) : "") },
          { name: "Last ended", sort: (row) => row.ended, show: (row) => (row.ended ? moment(row.ended, timezone) : "never") },
          { name: "Last result", show: (row) => row.error ?? row.result ?? "" },
          {
            name: "By hand",
            show: (row) =>
              may[NEEDS[row.name] ?? "editor"] && (
                <Button size="compact-xs" variant="default" aria-label={`Run now: ${row.name}`} disabled={row.state === "running"} onClick={() => run(row)}>
                  Run now
                </Button>
              ),
          },
        ]}
      />
      <Refused error={change.error} />
    </>
  );
}
