/** Data: what came in and what was refused, whether it is what was expected, whom no number counts, what was released, and the jobs. */

import { useMay } from "@/api/login-queries.ts";
import { useWorkspace } from "@/api/queries.ts";
import type { Workspace } from "@/api/types.ts";
import { count, moment } from "@/lib/format.ts";
import { DailySection } from "@/stages/collect/daily-section.tsx";
import { EntitiesSection } from "@/stages/collect/entities-section.tsx";
import { ExclusionsSection } from "@/stages/collect/exclusions-section.tsx";
import { ImportList } from "@/stages/collect/import-list.tsx";
import { NewImport } from "@/stages/collect/new-import.tsx";
import { PullsSection } from "@/stages/collect/pulls-section.tsx";
import { ReleasesSection } from "@/stages/collect/releases-section.tsx";
import { SourcesSection } from "@/stages/collect/sources-section.tsx";
import { AuditSection } from "@/stages/collect/watched/audit-section.tsx";
import { TailSection } from "@/stages/collect/watched/tail-section.tsx";
import { TrackingSection } from "@/stages/collect/watched/tracking-section.tsx";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { SuspectIds } from "@/stages/journeys/suspect-ids.tsx";
import { JobsTable } from "@/stages/settings/jobs-table.tsx";
import { Section } from "@/stages/settings/section.tsx";
import { LoadingState } from "@/ui/states.tsx";
import { Places } from "./places.tsx";
import classes from "./settings-page.module.css";

const PARTS = ["Imports", "Sources", "Numbers by the day", "Pulled by itself", "Data quality", "Tracking plan", "Live events", "Entities", "Left out", "Shared ids", "Releases", "Jobs"];

export function DataPage() {
  const workspace = useWorkspace();
  const may = useMay("editor");
  if (workspace.isError) return <Failed error={workspace.error} retry={() => void workspace.refetch()} />;
  if (workspace.isPending) return <LoadingState what="Opening the workspace" />;
  const { timezone } = workspace.data;
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>{headline(workspace.data)}</h1>
      <Places titles={PARTS} />
      {may && <NewImport />}
      <ImportList timezone={timezone} />
      <SourcesSection timezone={timezone} />
      <DailySection />
      <PullsSection timezone={timezone} />
      <AuditSection timezone={timezone} />
      <TrackingSection timezone={timezone} />
      <TailSection timezone={timezone} />
      <EntitiesSection timezone={timezone} />
      <ExclusionsSection timezone={timezone} />
      <SuspectIds timezone={timezone} />
      <ReleasesSection timezone={timezone} />
      <Section title="Jobs" about="What happens by itself while the server runs: counting what was handed in, checks, programs.">
        <JobsTable timezone={timezone} />
      </Section>
    </div>
  );
}

function headline({ events, entities, to, timezone, excluded }: Workspace): string {
  if (to === null) return "Nothing is in here yet: import a file to begin.";
  const out = Object.values(excluded).reduce((sum, one) => sum + one, 0);
  const left = out ? ` ${count(out)} ${out === 1 ? "person is" : "people are"} left out.` : "";
  return `${count(events)} events of ${count(entities)} people are counted, the last of ${moment(to, timezone)}.${left}`;
}
