/** What a source does not see: the declared range with its reason, to read and to change. */

import { Button, Modal, NumberInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { useDataChange } from "@/api/collect-queries.ts";
import { useMay } from "@/api/login-queries.ts";
import type { BlindSpot } from "@/api/types.ts";
import { Refusal } from "@/ui/refusal.tsx";
import classes from "./collect.module.css";

interface SeesProps {
  readonly source: string;
  readonly sees: BlindSpot | null | undefined;
}

/** The range, with its reason unless it is brief: a source with many rows says it in each. */
export function SeesCell({ source, sees, brief = false }: SeesProps & { readonly brief?: boolean }) {
  const may = useMay("editor");
  const [open, setOpen] = useState(false);
  return (
    <>
      {sees ? (
        <span title={`${sees.because} Said by ${sees.said_by || "this machine"}.`}>
          {Math.round(sees.least * 100)} to {Math.round(sees.most * 100)} %{brief ? "" : ": "}
          {!brief && <span className={classes.because}>{sees.because}</span>}{" "}
        </span>
      ) : (
        <span className={classes.because}>not said </span>
      )}
      {may && (
        <Button size="compact-xs" variant="subtle" aria-label={`${sees ? "Change" : "Say"} what ${source} shows of all that happens`} onClick={() => setOpen(true)}>
          {sees ? "Change" : "Say"}
        </Button>
      )}
      {open && <SeesDialog source={source} sees={sees} onClose={() => setOpen(false)} />}
    </>
  );
}

function SeesDialog({ source, sees, onClose }: SeesProps & { readonly onClose: () => void }) {
  const [least, setLeast] = useState<string | number>(sees ? Math.round(sees.least * 100) : 60);
  const [most, setMost] = useState<string | number>(sees ? Math.round(sees.most * 100) : 95);
  const [because, setBecause] = useState(sees?.because ?? "");
  const change = useDataChange<readonly BlindSpot[]>(onClose);
  const path = `/blind-spots/${encodeURIComponent(source)}`;
  const body = { least: Number(least) / 100, most: Number(most) / 100, because };
  return (
    <Modal opened onClose={onClose} title={`What does ${source} show of all that happens?`} centered closeButtonProps={{ "aria-label": "Close" }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ method: "PUT", path, body });
        }}
      >
        <NumberInput size="xs" label="At least, percent" min={0} max={100} value={least} onChange={setLeast} />
        <NumberInput size="xs" label="At most, percent" min={0} max={100} value={most} onChange={setMost} />
        <TextInput size="xs" label="Why" required autoComplete="off" value={because} onChange={(event) => setBecause(event.currentTarget.value)} />
        {change.isError && <Refusal error={change.error} />}
        <div className={classes.bar}>
          <Button size="xs" type="submit" loading={change.isPending}>
            Keep it
          </Button>
          {sees && (
            <Button size="xs" variant="default" disabled={change.isPending} onClick={() => change.mutate({ method: "DELETE", path })}>
              Forget it
            </Button>
          )}
        </div>
      </form>
    </Modal>
  );
}
