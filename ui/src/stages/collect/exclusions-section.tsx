/** Who is left out of every number: rules with how many people each leaves out, switched on and off. */

import { Button, Switch } from "@mantine/core";
import { useDataChange, useExclusions } from "@/api/collect-queries.ts";
import { useMay } from "@/api/login-queries.ts";
import type { Exclusion } from "@/api/types.ts";
import { count, day } from "@/lib/format.ts";
import { ExclusionForm } from "@/stages/collect/exclusion-form.tsx";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { Section } from "@/stages/settings/section.tsx";
import { DataTable } from "@/ui/data-table.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import { LoadingState } from "@/ui/states.tsx";
import { Warnings } from "@/ui/warnings.tsx";
import classes from "./collect.module.css";

export function ExclusionsSection({ timezone }: { readonly timezone: string }) {
  const rules = useExclusions();
  const change = useDataChange<readonly Exclusion[]>();
  const may = useMay("editor");
  const path = (row: Exclusion) => `/exclusions/${encodeURIComponent(row.name)}`;
  const all = rules.data?.reduce((sum, row) => sum + row.people, 0) ?? 0;
  return (
    <Section title="Left out" about="Employees, test accounts, robots. No number counts them, no list holds them, and every number says how many it left out.">
      {rules.isPending && <LoadingState what="Counting who is left out" />}
      {rules.isError && <Failed error={rules.error} retry={() => void rules.refetch()} />}
      {rules.data?.length === 0 && <p className={classes.line}>Everybody counts. If colleagues or test accounts are in the data, say who they are.</p>}
      {rules.data && rules.data.length > 0 && (
        <DataTable<Exclusion>
          caption={`${count(all)} ${all === 1 ? "person is" : "people are"} left out`}
          rows={rules.data}
          keyOf={(row) => row.name}
          columns={[
            { name: "Rule", sort: (row) => row.name, show: (row) => row.name },
            { name: "Who", show: (row) => row.trouble ?? row.who ?? `${count(row.ids)} ids` },
            { name: "People", right: true, sort: (row) => row.people, show: (row) => people(row) },
            { name: "Said", sort: (row) => row.created, show: (row) => `${day(row.created, timezone)}${row.author ? ` by ${row.author}` : ""}` },
            {
              name: "On",
              show: (row) => (
                <Switch
                  size="xs"
                  checked={row.active}
                  disabled={!may || change.isPending}
                  aria-label={`Leave out ${row.name}`}
                  onChange={(event) => change.mutate({ method: "PUT", path: path(row), body: { active: event.currentTarget.checked } })}
                />
              ),
            },
            {
              name: "Change",
              show: (row) =>
                may && (
                  <Button size="compact-xs" variant="default" aria-label={`Remove the rule ${row.name}`} onClick={() => change.mutate({ method: "DELETE", path: path(row) })}>
                    Remove
                  </Button>
                ),
            },
          ]}
        />
      )}
      <Warnings of={rules.data?.flatMap((row) => row.warnings) ?? []} />
      {change.isError && <Refusal error={change.error} />}
      {may && <ExclusionForm />}
    </Section>
  );
}

function people(row: Exclusion): string {
  if (!row.active) return `0 of ${count(row.matches)}`;
  return row.people === row.matches ? count(row.people) : `${count(row.people)}, and ${count(row.matches - row.people)} by a rule above`;
}
