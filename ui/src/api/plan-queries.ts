/** The plan and today: what pages ask and hand in. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, send } from "@/api/client.ts";
import { type Selection, selectionQuery } from "@/api/selection.ts";
import type { Opportunity, OpportunityChange, Today } from "@/api/types.ts";

const PLAN = ["plan"];

export function usePlan(enabled = true) {
  return useQuery({ queryKey: PLAN, queryFn: ({ signal }) => get<readonly Opportunity[]>("/api/run/plan", new URLSearchParams(), signal), enabled });
}

/** Accept a row of Do next as it stands under a selection. */
export function useAccept(selection: Selection) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (row: string) => send<Opportunity>("POST", "/api/run/plan", { ...Object.fromEntries(selectionQuery(selection)), row }),
    onSuccess: (kept) => {
      client.setQueryData<readonly Opportunity[]>(PLAN, (now) => (now ? [...now, kept] : undefined));
    },
  });
}

/** Change one opportunity, one change after the other: an answer that comes late must not hide a newer one. */
export function useChangeOpportunity(id: number) {
  const client = useQueryClient();
  return useMutation({
    scope: { id: `opportunity ${id}` },
    mutationFn: (said: OpportunityChange) => send<Opportunity>("PUT", `/api/run/plan/${id}`, said),
    onSuccess: (kept) => {
      client.setQueryData<readonly Opportunity[]>(PLAN, (now) => now?.map((one) => (one.id === kept.id ? kept : one)));
    },
  });
}

export interface LastVisit {
  readonly at: string;
  readonly rows: readonly string[];
}

export function useToday(last: LastVisit | null) {
  const query = new URLSearchParams();
  if (last) query.set("since", last.at);
  for (const row of last?.rows ?? []) query.append("row", row);
  return useQuery({ queryKey: ["today", query.toString()], queryFn: ({ signal }) => get<Today>("/api/run/today", query, signal) });
}
