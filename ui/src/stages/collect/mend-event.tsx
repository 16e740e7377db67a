/** An event that could not be read: its text can be mended and handed in again. */

import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import { useDataChange } from "@/api/collect-queries.ts";
import { useMay } from "@/api/login-queries.ts";
import type { QuarantineRow } from "@/api/types.ts";
import { Refusal } from "@/ui/refusal.tsx";
import classes from "./collect.module.css";

export function MendEvent({ row }: { readonly row: QuarantineRow }) {
  const may = useMay("editor");
  const [text, setText] = useState<string | null>(null);
  const mend = useDataChange();
  if (text === null) {
    return (
      <>
        <span className={classes.raw}>{row.raw}</span>
        {may && (
          <Button size="compact-xs" variant="default" aria-label={`Mend: ${row.reason}`} onClick={() => setText(row.raw)}>
            Mend
          </Button>
        )}
      </>
    );
  }
  return (
    <>
      <Textarea label="What it shall say" autosize minRows={3} maxRows={12} value={text} onChange={(event) => setText(event.currentTarget.value)} />
      <div className={classes.bar}>
        <Button size="compact-xs" loading={mend.isPending} onClick={() => mend.mutate({ method: "POST", path: `/quarantine/${String(row.id)}`, body: { text } })}>
          Hand in again
        </Button>
        <Button size="compact-xs" variant="subtle" onClick={() => setText(null)}>
          Leave it
        </Button>
      </div>
      {mend.isError && <Refusal error={mend.error} />}
    </>
  );
}
