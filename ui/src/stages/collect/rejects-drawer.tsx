/** The rows that an import refused, each with its reason; all of them as CSV. */

import { Button } from "@mantine/core";
import { COLLECT, useRejects } from "@/api/collect-queries.ts";
import type { DataImport, RejectRow } from "@/api/types.ts";
import { count } from "@/lib/format.ts";
import { nameOf } from "@/stages/collect/import-list.tsx";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { DataTable } from "@/ui/data-table.tsx";
import { SideDrawer } from "@/ui/side-drawer.tsx";
import { LoadingState } from "@/ui/states.tsx";
import classes from "./collect.module.css";

export function RejectsDrawer({ row, onClose }: { readonly row: DataImport; readonly onClose: () => void }) {
  const rejects = useRejects(row.id);
  return (
    <SideDrawer title={`Rows that import ${row.id}, ${nameOf(row)}, refused`} onClose={onClose}>
      {rejects.isPending && <LoadingState what="Reading the refused rows" />}
      {rejects.isError && <Failed error={rejects.error} retry={() => void rejects.refetch()} />}
      {rejects.data && (
        <>
          <div className={classes.bar}>
            <span>
              {count(rejects.data.count)} {rejects.data.count === 1 ? "row" : "rows"}
              {rejects.data.count > rejects.data.rows.length && `, the first ${count(rejects.data.rows.length)} here`}
            </span>
            <Button size="compact-xs" variant="default" component="a" href={`${COLLECT}/imports/${row.id}/rejects?format=csv`}>
              CSV
            </Button>
          </div>
          <DataTable<RejectRow>
            caption="Refused rows"
            rows={rejects.data.rows}
            keyOf={(one) => `${one.file} ${one.row}`}
            columns={[
              { name: "Row", right: true, sort: (one) => one.row, show: (one) => count(one.row) },
              { name: "Reason", sort: (one) => one.reason, show: (one) => one.reason },
              { name: "The row", show: (one) => <span className={classes.raw}>{one.raw}</span> },
            ]}
          />
        </>
      )}
    </SideDrawer>
  );
}
