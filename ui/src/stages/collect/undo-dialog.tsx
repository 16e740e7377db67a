/** Asks once before an import is undone, and says what will happen. */

import { Button, Modal } from "@mantine/core";
import { useDataChange, useUndoPreview } from "@/api/collect-queries.ts";
import type { DataImport, Undone } from "@/api/types.ts";
import { count } from "@/lib/format.ts";
import { nameOf } from "@/stages/collect/import-list.tsx";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import { LoadingState } from "@/ui/states.tsx";
import classes from "./collect.module.css";

export function UndoDialog({ row, onClose }: { readonly row: DataImport; readonly onClose: () => void }) {
  const preview = useUndoPreview(row.id);
  const undo = useDataChange<Undone>(onClose);
  return (
    <Modal opened onClose={onClose} title={`Undo import ${row.id}, ${nameOf(row)}?`} centered closeButtonProps={{ "aria-label": "Close" }}>
      {preview.isPending && <LoadingState what="Looking what would go" />}
      {preview.isError && <Failed error={preview.error} retry={() => void preview.refetch()} />}
      {preview.data && (
        <>
          <p className={classes.line}>{inWords(preview.data)}</p>
          <p className={classes.quiet}>{row.daily ? "" : "Every number is counted anew without them. "}{row.handed_in ? "To have them back, whoever handed them in sends them again." : "The rows stay in their file, which can be imported again."}</p>
          {undo.isError && <Refusal error={undo.error} />}
          <div className={classes.bar}>
            <Button size="xs" loading={undo.isPending} onClick={() => undo.mutate({ method: "POST", path: `/imports/${row.id}/undo` })}>
              Undo the import
            </Button>
            <Button size="xs" variant="default" disabled={undo.isPending} data-autofocus onClick={onClose}>
              Keep it
            </Button>
          </div>
        </>
      )}
    </Modal>
  );
}

function inWords({ removed, restored, daily, daily_restored }: Undone): string {
  if (daily > 0) {
    const back = daily_restored === 0 ? "" : ` For ${count(daily_restored)} of them an older one of another import stands again.`;
    return `${count(daily)} ${daily === 1 ? "number" : "numbers"} by the day will go.${back}`;
  }
  if (removed === 0) return "This import added no event, so no number changes.";
  const gone = removed - restored;
  if (restored === 0) return `${events(gone)} will go.`;
  const kept = `${events(restored)} ${restored === 1 ? "is" : "are"} in another import too, and will stay as its own`;
  return gone === 0 ? `No event will go: ${kept}.` : `${events(gone)} will go. ${kept}.`;
}

function events(many: number): string {
  return `${count(many)} ${many === 1 ? "event" : "events"}`;
}
