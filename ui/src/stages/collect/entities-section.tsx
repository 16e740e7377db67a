/** What is declared beside people and has journeys of its own: of what they are built, and whether they may be asked. */

import { Button } from "@mantine/core";
import { useState } from "react";
import { useBuilding, useDataChange, useDeclare, useEntities } from "@/api/collect-queries.ts";
import { useMay } from "@/api/login-queries.ts";
import type { Entity } from "@/api/types.ts";
import { count, moment } from "@/lib/format.ts";
import { BuildingNow } from "@/stages/collect/building-now.tsx";
import { EntityForm } from "@/stages/collect/entity-form.tsx";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { Section } from "@/stages/settings/section.tsx";
import { DataTable } from "@/ui/data-table.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import { LoadingState } from "@/ui/states.tsx";
import classes from "./collect.module.css";

export function EntitiesSection({ timezone }: { readonly timezone: string }) {
  const declared = useEntities();
  const change = useDataChange<unknown>();
  const declare = useDeclare();
  const refused = change.error ?? declare.error;
  const now = useBuilding().data?.[0];
  const busy = now?.state === "running";
  // Whoever saw it being built sees its end too, until they close that.
  const [seen, setSeen] = useState(false);
  if (busy && !seen) setSeen(true);
  const may = useMay("editor");
  const path = (row: Entity) => `/entities/${encodeURIComponent(row.name)}`;
  return (
    <Section title="Entities" about="Accounts, tickets or any other id with journeys of their own. An event belongs to the one that it names or, naming none, to the one that its person named last before.">
      {declared.isPending && <LoadingState what="Looking entities up" />}
      {declared.isError && <Failed error={declared.error} retry={() => void declared.refetch()} />}
      {declared.data?.length === 0 && <p className={classes.line}>Only people have journeys so far. Declare an account or a ticket by the property that names it.</p>}
      {declared.data && declared.data.length > 0 && (
        <DataTable<Entity>
          caption="Declared entities"
          rows={declared.data}
          keyOf={(row) => row.name}
          columns={[
            { name: "Name", sort: (row) => row.name, show: (row) => row.name },
            { name: "By", show: (row) => row.by },
            { name: "How many", right: true, show: (row) => number(row.entities) },
            { name: "Events", right: true, show: (row) => number(row.events) },
            { name: "Belong to none", right: true, show: (row) => number(row.without) },
            { name: "Built", show: (row) => (row.built === null ? "not yet" : moment(row.built, timezone)) },
            { name: "State", show: (row) => stateOf(row) },
            {
              name: "Change",
              show: (row) =>
                may && (
                  <>
                    {row.stale !== null && (
                      <Button size="compact-xs" disabled={busy} loading={declare.isPending} aria-label={`Build ${row.name} anew`} onClick={() => declare.mutate({ method: "POST", path: "/entities", body: { name: row.name, by: row.by } })}>
                        Build anew
                      </Button>
                    )}
                    <Button size="compact-xs" variant="default" disabled={busy || change.isPending} aria-label={`Remove ${row.name}`} onClick={() => change.mutate({ method: "DELETE", path: path(row) })}>
                      Remove
                    </Button>
                  </>
                ),
            },
          ]}
        />
      )}
      {refused && <Refusal error={refused} />}
      {now && seen && <BuildingNow now={now} may={may} onClose={() => setSeen(false)} />}
      {/* What was said stays until it is declared: a building may be cancelled or refused. */}
      {may && <EntityForm key={declared.data?.length} busy={busy} />}
    </Section>
  );
}

function number(n: number | null): string {
  return n === null ? "" : count(n);
}

function stateOf({ stale, behind }: Entity): string {
  if (stale !== null) return stale;
  return behind === 0 ? "newest" : `${count(behind)} newer ${behind === 1 ? "event counts" : "events count"} with the next rebuild`;
}
