/** Asks anew what a change made stale, also what was on its way while it was made. */

import type { QueryClient, QueryFilters } from "@tanstack/react-query";

/** Invalidating alone would keep a first answer that was asked before the change and comes after it. */
export async function askAnew(client: QueryClient, stale: QueryFilters): Promise<void> {
  await client.cancelQueries(stale);
  await client.invalidateQueries(stale);
}

/** The queries whose key begins with one of these words. */
export function keyed(...words: readonly string[]): QueryFilters {
  return { predicate: ({ queryKey }) => words.includes(String(queryKey[0])) };
}
