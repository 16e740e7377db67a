/** Accepts a card of Do next into the plan, or leads to where it stands there. */

import { Button } from "@mantine/core";
import { Link } from "wouter";
import { useAddress } from "@/api/address.ts";
import { useAccept, usePlan } from "@/api/plan-queries.ts";
import type { DoNextRow } from "@/api/types.ts";

export function AcceptRow({ row, map }: { readonly row: DoNextRow; readonly map: string }) {
  const { selection } = useAddress();
  const plan = usePlan();
  const accept = useAccept(selection);
  const planned = plan.data?.find((one) => one.row === row.id && one.map === map && one.state !== "done" && one.state !== "stopped");
  if (planned)
    return (
      <Button component={Link} href={`/plan?opportunity=${planned.id}`} size="compact-sm" px={6} variant="subtle" color="gray" aria-label={`Planned: ${row.title}`}>
        Planned
      </Button>
    );
  return (
    <Button size="compact-sm" px={6} variant="subtle" color="gray" disabled={!plan.data} loading={accept.isPending} onClick={() => accept.mutate(row.id)} title={accept.error?.message}>
      {accept.isError ? "Not accepted: try again" : "Accept"}
    </Button>
  );
}
