/** Every import: what it brought, what it refused, when and by whom; each can be undone. */

import { Button } from "@mantine/core";
import { useState } from "react";
import { useImports } from "@/api/collect-queries.ts";
import { useMay } from "@/api/login-queries.ts";
import type { DataImport } from "@/api/types.ts";
import { count, moment } from "@/lib/format.ts";
import { RejectsDrawer } from "@/stages/collect/rejects-drawer.tsx";
import { UndoDialog } from "@/stages/collect/undo-dialog.tsx";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { Section } from "@/stages/settings/section.tsx";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { LoadingState } from "@/ui/states.tsx";
import classes from "./collect.module.css";

/** What an import is called. */
export function nameOf(row: DataImport): string {
  if (row.handed_in) return "Events handed in";
  const [first = "nothing", ...more] = row.files;
  return more.length ? `${first} and ${count(more.length)} more` : first;
}

export function ImportList({ timezone }: { readonly timezone: string }) {
  const imports = useImports();
  const may = useMay("editor");
  const [rejects, setRejects] = useState<DataImport | null>(null);
  const [undoing, setUndoing] = useState<DataImport | null>(null);
  const columns: readonly ColumnOf<DataImport>[] = [
    { name: "Import", sort: (row) => row.id, show: (row) => <span data-undone={Boolean(row.undone)}>{`${row.id} · ${nameOf(row)}`}</span> },
    { name: "Source", sort: (row) => row.source, show: (row) => row.source },
    { name: "Events", right: true, sort: (row) => row.accepted, show: (row) => (row.daily ? `${count(row.accepted)} by the day` : count(row.accepted)) },
    { name: "There already", right: true, sort: (row) => row.duplicates, show: (row) => count(row.duplicates) },
    {
      name: "Refused",
      right: true,
      sort: (row) => row.rejected,
      show: (row) =>
        row.rejected ? (
          <Button size="compact-xs" variant="subtle" aria-label={`${count(row.rejected)} ${row.rejected === 1 ? "row" : "rows"} refused by import ${row.id}: show them`} onClick={() => setRejects(row)}>
            {count(row.rejected)}
          </Button>
        ) : (
          "0"
        ),
    },
    { name: "When", sort: (row) => row.imported, show: (row) => moment(row.imported, timezone) },
    { name: "By", show: (row) => row.author ?? "this machine" },
    {
      name: "Undo",
      show: (row) =>
        row.undone ? (
          <span className={classes.gone}>
            undone {moment(row.undone, timezone)}
            {row.undone_by ? ` by ${row.undone_by}` : ""}
          </span>
        ) : (
          may && (
            <Button size="compact-xs" variant="default" aria-label={`Undo import ${row.id}`} onClick={() => setUndoing(row)}>
              Undo
            </Button>
          )
        ),
    },
  ];
  return (
    <Section title="Imports" about="What was stored, and what was refused with its reason. Undoing an import takes its events out of every number.">
      {imports.isPending && <LoadingState what="Reading the imports" />}
      {imports.isError && <Failed error={imports.error} retry={() => void imports.refetch()} />}
      {imports.data?.length === 0 && <p className={classes.line}>Nothing imported yet.</p>}
      {imports.data && imports.data.length > 0 && (
        <DataTable caption={`${count(imports.data.length)} ${imports.data.length === 1 ? "import" : "imports"}`} rows={imports.data} keyOf={(row) => String(row.id)} columns={columns} />
      )}
      {rejects && <RejectsDrawer row={rejects} onClose={() => setRejects(null)} />}
      {undoing && <UndoDialog row={undoing} onClose={() => setUndoing(null)} />}
    </Section>
  );
}
