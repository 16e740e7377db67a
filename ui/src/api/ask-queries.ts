/** Questions and messages on pages: what the room asks and hands in. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { askAnew, keyed } from "@/api/ask-anew.ts";
import { get, send } from "@/api/client.ts";
import type { AskView, PageAsk, ProgramFinding } from "@/api/types.ts";

const ASKS = "/api/act/asks";
const SLOW_MS = 15_000;

function address(id: string): string {
  return `${ASKS}/${encodeURIComponent(id)}`;
}

export function useAsks() {
  return useQuery({ queryKey: ["asks"], queryFn: ({ signal }) => get<readonly AskView[]>(ASKS, new URLSearchParams(), signal), refetchInterval: SLOW_MS });
}

/** One of them with what the list leaves out: what everybody who saw it would have answered, which takes too long to be asked again and again. */
export function useAsk(id: string) {
  return useQuery({ queryKey: ["asks", id], queryFn: ({ signal }) => get<AskView>(address(id), new URLSearchParams(), signal) });
}

/** What is wrong with a question or message as it is being written. */
export function useAskFindings(ask: PageAsk) {
  return useQuery({
    queryKey: ["asks-check", JSON.stringify(ask)],
    queryFn: () => send<readonly ProgramFinding[]>("POST", `${ASKS}/check`, { ask }),
    placeholderData: (before) => before,
  });
}

function useChange<Said>(change: (said: Said) => Promise<AskView>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => askAnew(client, keyed("asks")) });
}

export function useSaveAsk() {
  return useChange((ask: PageAsk) => send<AskView>("PUT", address(ask.id), { ask }));
}

export function useStartAsk() {
  return useChange((id: string) => send<AskView>("POST", `${address(id)}/start`));
}

export function useStopAsk() {
  return useChange((id: string) => send<AskView>("POST", `${address(id)}/stop`, { why: "" }));
}
