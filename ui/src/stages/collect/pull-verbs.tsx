/** What can be done by hand with something that is pulled: pull it now, let it wait and go on, pull it no more. */

import { Button } from "@mantine/core";
import type { useDataChange } from "@/api/collect-queries.ts";
import { useMay } from "@/api/login-queries.ts";
import type { PullRow } from "@/api/types.ts";
import parts from "@/stages/settings/parts.module.css";

interface VerbsProps {
  readonly row: PullRow;
  readonly change: ReturnType<typeof useDataChange<readonly PullRow[]>>;
}

export function PullVerbs({ row: { name, paused }, change }: VerbsProps) {
  const may = useMay("editor");
  const removes = useMay("admin");
  const path = `/pulls/${encodeURIComponent(name)}`;
  const post = (verb: string) => change.mutate({ method: "POST", path: `${path}/${verb}` });
  if (!may) return null;
  return (
    <div className={parts.verbs}>
      {paused ? (
        <Button size="compact-xs" variant="default" aria-label={`Resume: ${name}`} disabled={change.isPending} onClick={() => post("resume")}>
          Resume
        </Button>
      ) : (
        <>
          <Button size="compact-xs" variant="default" aria-label={`Pull now: ${name}`} disabled={change.isPending} onClick={() => post("run")}>
            Pull now
          </Button>
          <Button size="compact-xs" variant="default" aria-label={`Pause: ${name}`} disabled={change.isPending} onClick={() => post("pause")}>
            Pause
          </Button>
        </>
      )}
      {removes && (
        <Button size="compact-xs" variant="subtle" aria-label={`Remove: ${name}`} title="What came stays. Its secret goes." disabled={change.isPending} onClick={() => change.mutate({ method: "DELETE", path })}>
          Remove
        </Button>
      )}
    </div>
  );
}
