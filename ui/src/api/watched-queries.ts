/** What sources send: their audits, the events that are expected, and the last ones as they come. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { askAnew, keyed } from "@/api/ask-anew.ts";
import { get, send } from "@/api/client.ts";
import { COLLECT } from "@/api/collect-queries.ts";
import type { AuditLine, AuditReport, Tail, Tracking } from "@/api/types.ts";

const NONE = new URLSearchParams();
/** Numbering takes a quarter of a second at most, so that an event stands here within a second. */
const LIVE_MS = 500;
const SHOWN = 100;

export function useAudits() {
  return useQuery({ queryKey: ["audits"], queryFn: ({ signal }) => get<readonly AuditLine[]>(`${COLLECT}/audits`, NONE, signal) });
}

/** The audit of a day; asked when there is one. */
export function useAudit(day: string | null) {
  return useQuery({
    queryKey: ["audit", day],
    queryFn: ({ signal }) => get<AuditReport>(`${COLLECT}/audit`, new URLSearchParams({ day: day ?? "" }), signal),
    enabled: day !== null,
    placeholderData: (before) => before,
  });
}

export function useMakeAudit() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => send<AuditReport>("POST", `${COLLECT}/audit`),
    onSuccess: () => askAnew(client, keyed("audits", "audit")),
  });
}

export function useTracking() {
  return useQuery({ queryKey: ["tracking"], queryFn: ({ signal }) => get<Tracking>(`${COLLECT}/tracking`, NONE, signal) });
}

export interface TailChosen {
  readonly only: "all" | "good" | "bad";
  readonly source: string;
  readonly person: string;
}

/** The last events, asked for what came since again and again until it is paused. */
export function useTail(chosen: TailChosen, paused: boolean) {
  const client = useQueryClient();
  const queryKey = ["tail", chosen.only, chosen.source, chosen.person];
  return useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const before = client.getQueryData<Tail>(queryKey);
      const query = new URLSearchParams({ only: chosen.only, after: before?.next ?? "0.0" });
      if (chosen.source) query.set("source", chosen.source);
      if (chosen.person) query.set("person", chosen.person);
      const found = await get<Tail>(`${COLLECT}/tail`, query, signal);
      return before ? { ...found, events: [...found.events, ...before.events].slice(0, SHOWN) } : found;
    },
    enabled: !paused,
    refetchInterval: paused ? false : LIVE_MS,
  });
}
