/** What is pulled from other tools by itself: how often, how far, and how it last went. */

import { Button } from "@mantine/core";
import { useDataChange, usePulls } from "@/api/collect-queries.ts";
import { useMay } from "@/api/login-queries.ts";
import type { PullRow } from "@/api/types.ts";
import { day, duration, moment } from "@/lib/format.ts";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { Section } from "@/stages/settings/section.tsx";
import { DataTable } from "@/ui/data-table.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import { LoadingState } from "@/ui/states.tsx";
import classes from "./collect.module.css";

export function PullsSection({ timezone }: { readonly timezone: string }) {
  const pulls = usePulls();
  const may = useMay("editor");
  const change = useDataChange<readonly PullRow[]>();
  const path = (row: PullRow) => `/pulls/${encodeURIComponent(row.name)}`;
  return (
    <Section title="Pulled by itself" about="Lists of other tools that the server asks for what is new. They are added on the command line, where their secrets are: see pathworth pull connectors, then pathworth pull add.">
      {pulls.isPending && <LoadingState what="Looking up what is pulled" />}
      {pulls.isError && <Failed error={pulls.error} retry={() => void pulls.refetch()} />}
      {pulls.data?.length === 0 && <p className={classes.line}>Nothing is pulled so far.</p>}
      {pulls.data && pulls.data.length > 0 && (
        <DataTable<PullRow>
          caption={`${String(pulls.data.length)} pulled`}
          rows={pulls.data}
          keyOf={(row) => row.name}
          columns={[
            { name: "Name", sort: (row) => row.name, show: (row) => row.name },
            { name: "What", show: (row) => row.title },
            { name: "Every", right: true, sort: (row) => row.every_seconds, show: (row) => duration(row.every_seconds) },
            { name: "Known up to", sort: (row) => row.since ?? "", show: (row) => (row.since ? day(row.since, timezone) : "") },
            { name: "Last ended", sort: (row) => row.ended ?? "", show: (row) => (row.ended ? moment(row.ended, timezone) : "never") },
            { name: "Last result", show: (row) => (row.error ? <span role="alert">{row.error}</span> : (row.result ?? "")) },
            { name: "Next", sort: (row) => row.next, show: (row) => moment(row.next, timezone) },
            {
              name: "By hand",
              show: (row) =>
                may && (
                  <>
                    <Button size="compact-xs" variant="default" aria-label={`Pull now: ${row.name}`} disabled={change.isPending} onClick={() => change.mutate({ method: "POST", path: `${path(row)}/run` })}>
                      Pull now
                    </Button>
                    <Button size="compact-xs" variant="subtle" aria-label={`Remove: ${row.name}`} disabled={change.isPending} onClick={() => change.mutate({ method: "DELETE", path: path(row) })}>
                      Remove
                    </Button>
                  </>
                ),
            },
          ]}
        />
      )}
      {change.isError && <Refusal error={change.error} />}
    </Section>
  );
}
