/** How far work in the background is, with a way to end it. */

import { Button, Progress } from "@mantine/core";
import type { ReactNode } from "react";
import { useDataChange } from "@/api/collect-queries.ts";
import { percent } from "@/lib/format.ts";
import classes from "./collect.module.css";

interface ProgressLineProps {
  readonly label: string;
  readonly share: number;
  /** Where the work stands under the API; null for who may not end it. */
  readonly path: string | null;
  readonly children: ReactNode;
}

export function ProgressLine({ label, share, path, children }: ProgressLineProps) {
  const cancel = useDataChange();
  return (
    <div className={classes.progress} role="status">
      <span>{children}</span>
      <Progress value={share * 100} aria-label={label} />
      <div className={classes.bar}>
        <span className={classes.quiet}>{percent(share)}</span>
        {path !== null && (
          <Button size="compact-xs" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate({ method: "DELETE", path })}>
            Cancel
          </Button>
        )}
      </div>
    </div>
  );
}
