/** What stands where an answer will stand: while it is asked, and when it was refused. */

import type { UseQueryResult } from "@tanstack/react-query";
import { Fragment, type ReactNode } from "react";
import { ApiError } from "@/api/client.ts";
import { ErrorState, LoadingState } from "@/ui/states.tsx";

interface AskingProps<Answer> {
  readonly query: UseQueryResult<Answer>;
  readonly what: string;
  readonly children: (answer: Answer) => ReactNode;
}

export function Asking<Answer>({ query, what, children }: AskingProps<Answer>) {
  if (query.isPending) return <LoadingState what={what} />;
  if (query.isError) {
    const refused = query.error instanceof ApiError ? query.error : null;
    return <ErrorState message={query.error.message} hint={refused?.hint ?? "Try again."} code={refused?.code ?? "UNKNOWN"} onRetry={() => void query.refetch()} />;
  }
  return <Fragment>{children(query.data)}</Fragment>;
}
