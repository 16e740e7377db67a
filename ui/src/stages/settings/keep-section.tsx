/** How long each class of data is kept, and what the batches of the last nights removed. */

import { Button } from "@mantine/core";
import { useState } from "react";
import { useChange } from "@/api/login-queries.ts";
import { useKeep } from "@/api/privacy-queries.ts";
import type { KeepView, KeptClass } from "@/api/types.ts";
import { count, day, moment } from "@/lib/format.ts";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { KeepDialog } from "@/stages/settings/keep-dialog.tsx";
import { Refused } from "@/stages/settings/refused.tsx";
import { Section } from "@/stages/settings/section.tsx";
import { DataTable } from "@/ui/data-table.tsx";
import { LoadingState } from "@/ui/states.tsx";
import classes from "./parts.module.css";

export function KeepSection({ timezone }: { readonly timezone: string }) {
  const found = useKeep();
  const [changed, change] = useState<KeptClass | null>(null);
  const run = useChange(() => void found.refetch());
  const view = found.data;
  return (
    <Section title="How long data is kept" about="What is older goes every night from every file, for good. A journey that began before begins there then, and looks new; maps, segments and saved answers stay.">
      {found.isPending && <LoadingState what="Reading the limits" />}
      {found.isError && <Failed error={found.error} retry={() => void found.refetch()} />}
      {view && (
        <>
          <DataTable<KeptClass>
            caption="Classes of data"
            rows={view.classes}
            keyOf={(row) => row.name}
            columns={[
              { name: "Class", sort: (row) => row.name, show: (row) => row.name },
              { name: "Kept", show: (row) => (row.keep === null ? "for\u00a0ever" : `${row.keep}${row.own ? "" : ", as others"}`) },
              { name: "From", show: (row) => (row.from ? day(row.from, timezone) : "the\u00a0beginning") },
              { name: "What", show: (row) => row.what },
              {
                name: "Change",
                show: (row) =>
                  !row.fixed && (
                    <Button size="compact-xs" variant="default" aria-label={`Change how long ${row.name} is kept`} onClick={() => change(row)}>
                      Change
                    </Button>
                  ),
              },
            ]}
          />
          <LastBatch view={view} timezone={timezone} />
          {view.classes.some((one) => one.keep !== null) && (
            <div className={classes.form}>
              <Button size="xs" variant="default" loading={run.isPending} onClick={() => run.mutate({ method: "POST", path: "/api/run/jobs/keep/run" })}>
                Remove what is too old now
              </Button>
            </div>
          )}
        </>
      )}
      <Refused error={run.error} />
      {changed && <KeepDialog of={changed} onClose={() => change(null)} />}
    </Section>
  );
}

function LastBatch({ view, timezone }: { readonly view: KeepView; readonly timezone: string }) {
  const last = view.batches.find((one) => one.done_at !== null);
  if (!last?.done_at) return <p className={classes.said}>No batch has run yet.</p>;
  const gone = last.removed.map((one) => `${count(one.rows)} of ${one.name} (${one.place})`).join("; ");
  return (
    <p className={classes.said}>
      The last batch was done on {moment(last.done_at, timezone)} and removed {gone || "nothing"}.
    </p>
  );
}
