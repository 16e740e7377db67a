/** What is pulled from other tools by itself: how often, how far, and how it last went; and what is pulled from now on. */

import { useDataChange, usePulls } from "@/api/collect-queries.ts";
import { useMay } from "@/api/login-queries.ts";
import type { PullRow } from "@/api/types.ts";
import { day, duration, moment } from "@/lib/format.ts";
import { PullForm } from "@/stages/collect/pull-form.tsx";
import { PullVerbs } from "@/stages/collect/pull-verbs.tsx";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { Section } from "@/stages/settings/section.tsx";
import { DataTable } from "@/ui/data-table.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import { LoadingState } from "@/ui/states.tsx";
import classes from "./collect.module.css";

export function PullsSection({ timezone }: { readonly timezone: string }) {
  const pulls = usePulls();
  const change = useDataChange<readonly PullRow[]>();
  const adds = useMay("admin");
  return (
    <Section title="Pulled by itself" about="Lists of other tools that the server asks for what is new. An admin adds and removes them; editors pull now, pause and resume.">
      {pulls.isPending && <LoadingState what="Looking up what is pulled" />}
      {pulls.isError && <Failed error={pulls.error} retry={() => void pulls.refetch()} />}
      {pulls.data?.length === 0 && <p className={classes.line}>Nothing is pulled so far.</p>}
      {pulls.data && pulls.data.length > 0 && (
        <DataTable<PullRow>
          caption={captionOf(pulls.data)}
          rows={pulls.data}
          keyOf={(row) => row.name}
          columns={[
            { name: "Name", sort: (row) => row.name, show: (row) => row.name },
            { name: "What", show: (row) => row.title },
            { name: "Secret", show: (row) => row.secret || "needs none" },
            { name: "Every", right: true, sort: (row) => row.every_seconds, show: (row) => duration(row.every_seconds) },
            { name: "Known up to", sort: (row) => row.since ?? "", show: (row) => (row.since ? day(row.since, timezone) : "") },
            { name: "Last ended", sort: (row) => row.ended ?? "", show: (row) => (row.ended ? moment(row.ended, timezone) : "never") },
            { name: "Last result", show: (row) => (row.error ? <span role="alert">{row.error}</span> : (row.result ?? "")) },
            { name: "Next", sort: (row) => row.next ?? "", show: (row) => (row.next === null ? "paused" : moment(row.next, timezone)) },
            { name: "By hand", show: (row) => <PullVerbs row={row} change={change} /> },
          ]}
        />
      )}
      {change.isError && <Refusal error={change.error} />}
      {adds && <PullForm />}
    </Section>
  );
}

function captionOf(rows: readonly PullRow[]): string {
  const paused = rows.filter((row) => row.paused).length;
  return `${String(rows.length)} pulled${paused ? `, ${String(paused)} of them paused` : ""}`;
}
