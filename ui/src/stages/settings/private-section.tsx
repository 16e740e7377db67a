/** Which columns are personal: suggested by name and texts, confirmed by a person, seen from a role on. */

import { Button, Select } from "@mantine/core";
import { ROLES } from "@/api/login-queries.ts";
import { useDeclarePrivate, usePrivate } from "@/api/privacy-queries.ts";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { Refused } from "@/stages/settings/refused.tsx";
import { Section } from "@/stages/settings/section.tsx";
import { DataTable } from "@/ui/data-table.tsx";
import { LoadingState } from "@/ui/states.tsx";
import classes from "./parts.module.css";

interface Row {
  readonly name: string;
  readonly by: string;
  readonly personal: boolean;
}

export function PrivateSection() {
  const found = usePrivate();
  const declare = useDeclarePrivate();
  const view = found.data;
  const change = (columns: readonly string[], seen_by: string) => declare.mutate({ columns, seen_by });
  const rows: readonly Row[] = view ? [...view.columns.map((name) => ({ name, by: "declared", personal: true })), ...view.suggested.map((one) => ({ name: one.name, by: `looks so by ${one.by}`, personal: false }))] : [];
  return (
    <Section title="Personal columns" about="Lower roles see their texts masked in lists and timelines, and may not filter by them or break an answer down by them.">
      {found.isPending && <LoadingState what="Reading the columns" />}
      {found.isError && <Failed error={found.error} retry={() => void found.refetch()} />}
      {view && (
        <>
          {rows.length === 0 && <p className={classes.said}>No column is declared personal, and none looks so. Any other is declared with: pathworth private COLUMN</p>}
          {rows.length > 0 && (
            <DataTable<Row>
              caption="Columns"
              rows={rows}
              keyOf={(row) => row.name}
              columns={[
                { name: "Column", sort: (row) => row.name, show: (row) => row.name },
                { name: "Personal", sort: (row) => Number(row.personal), show: (row) => (row.personal ? "● yes" : "○ not declared") },
                { name: "Why", show: (row) => row.by },
                {
                  name: "Change",
                  show: (row) =>
                    row.personal ? (
                      <Button size="compact-xs" variant="default" aria-label={`Show ${row.name} to all`} onClick={() => change(view.columns.filter((one) => one !== row.name), view.seen_by)}>
                        Show to all
                      </Button>
                    ) : (
                      <Button size="compact-xs" variant="default" aria-label={`Mask ${row.name}`} onClick={() => change([...view.columns, row.name], view.seen_by)}>
                        Mask
                      </Button>
                    ),
                },
              ]}
            />
          )}
          <div className={classes.form}>
            <Select size="xs" label="Seen as they are from" data={[...ROLES]} value={view.seen_by} allowDeselect={false} onChange={(role) => role && change(view.columns, role)} />
          </div>
        </>
      )}
      <Refused error={declare.error} />
    </Section>
  );
}
