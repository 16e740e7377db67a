/** What stands in the place of an answer while there is none: loading, stopped, or refused with its remedy. */

import { Button } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApiError } from "@/api/client.ts";
import { useAddress } from "@/api/address.ts";
import { ErrorState, LoadingState } from "@/ui/states.tsx";

/** Null when the answer is there. */
export function stateOf(query: UseQueryResult<unknown>, what: string): ReactNode | null {
  if (query.isError) return <Refused error={query.error} retry={() => void query.refetch()} />;
  return query.data === undefined ? <LoadingState what={what} /> : null;
}

function Refused({ error, retry }: { readonly error: Error; readonly retry: () => void }) {
  const { selection, select } = useAddress();
  const refused = error instanceof ApiError ? error : null;
  const chosen = selection.where.length + selection.who.length > 0 || selection.from !== null || selection.persona !== null;
  const clear = (
    <Button size="xs" onClick={() => select({ persona: null, from: null, to: null, where: [], who: [] })}>
      Clear the selection
    </Button>
  );
  return <ErrorState message={error.message} hint={refused?.hint ?? "Try again."} code={refused?.code ?? "UNKNOWN"} onRetry={retry} action={chosen && clear} />;
}
