/** Programs, decisions, channels and consent: what pages ask and hand in. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { askAnew, keyed } from "@/api/ask-anew.ts";
import { get, send } from "@/api/client.ts";
import type { ActSettings, CalendarDay, Channels, FeedRow, Outcome, Preview, Program, ProgramFinding, ProgramLine, ProgramView, Rehearsal } from "@/api/types.ts";

const NOTHING = new URLSearchParams();
const ACT = "act";
/** A decision is a second old at most when it is seen. */
const LIVE_MS = 2_000;
const SLOW_MS = 15_000;

function address(id: string): string {
  return `/api/act/programs/${encodeURIComponent(id)}`;
}

export function usePrograms() {
  return useQuery({ queryKey: [ACT, "programs"], queryFn: ({ signal }) => get<readonly ProgramLine[]>("/api/act/programs", NOTHING, signal), refetchInterval: SLOW_MS });
}

export function useProgram(id: string | null) {
  return useQuery({ queryKey: [ACT, "program", id], queryFn: ({ signal }) => get<ProgramView>(address(id ?? ""), NOTHING, signal), enabled: id !== null, refetchInterval: SLOW_MS });
}

export function useDecisions(program: string | null, limit = 50) {
  const query = new URLSearchParams({ limit: String(limit), ...(program ? { program } : {}) });
  return useQuery({ queryKey: [ACT, "decisions", query.toString()], queryFn: ({ signal }) => get<readonly FeedRow[]>("/api/act/decisions", query, signal), refetchInterval: LIVE_MS });
}

export function useUnknown() {
  return useQuery({ queryKey: [ACT, "unknown"], queryFn: ({ signal }) => get<readonly FeedRow[]>("/api/act/unknown", NOTHING, signal), refetchInterval: SLOW_MS });
}

export function useCalendar() {
  const query = new URLSearchParams({ days_back: "28" });
  return useQuery({ queryKey: [ACT, "calendar"], queryFn: ({ signal }) => get<readonly CalendarDay[]>("/api/act/calendar", query, signal), refetchInterval: SLOW_MS });
}

export function useActSettings() {
  return useQuery({ queryKey: [ACT, "settings"], queryFn: ({ signal }) => get<ActSettings>("/api/act/settings", NOTHING, signal) });
}

/** A sensible program for a step of the map; nothing is kept. */
export function useDraft(map: string, step: string | null) {
  return useQuery({
    queryKey: [ACT, "draft", map, step],
    queryFn: () => send<Program>("POST", "/api/act/programs/draft", { map, step }),
    enabled: step !== null && map !== "",
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What is wrong with a program as it is being written. */
export function useFindings(program: Program) {
  return useQuery({
    queryKey: [ACT, "check", JSON.stringify(program)],
    queryFn: () => send<readonly ProgramFinding[]>("POST", "/api/act/programs/check", { program }),
    placeholderData: (before) => before,
  });
}

export function usePreview(program: Program, person: string) {
  return useQuery({
    queryKey: [ACT, "preview", person, JSON.stringify(program.message), program.address],
    queryFn: () => send<Preview>("POST", "/api/act/programs/preview", { program, person }),
    enabled: person !== "",
    placeholderData: (before) => before,
    retry: false,
  });
}

export function useTest() {
  return useMutation({ mutationFn: (said: { readonly program: Program; readonly person: string; readonly address: string }) => send<Outcome>("POST", "/api/act/programs/test", said) });
}

export function useRehearsal() {
  return useMutation({ mutationFn: (program: Program) => send<Rehearsal>("POST", "/api/act/programs/rehearse", { program }) });
}

/** Anything that changes programs or messages; all that is shown is asked anew. */
function useChange<Said, Answer>(change: (said: Said) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => askAnew(client, keyed(ACT)) });
}

export function useSave() {
  return useChange((program: Program) => send<ProgramView>("PUT", address(program.id), { program }));
}

export function useStart() {
  return useChange((id: string) => send<ProgramView>("POST", `${address(id)}/start`));
}

export function useStop() {
  return useChange((said: { readonly id: string; readonly why: string }) => send<ProgramView>("POST", `${address(said.id)}/stop`, { why: said.why }));
}

export function useSettle() {
  return useChange((said: { readonly id: number; readonly again: boolean }) => send<FeedRow>("POST", `/api/act/decisions/${said.id}/settle`, { again: said.again }));
}

export function useKeepChannels() {
  return useChange((channels: Channels) => send<ActSettings>("PUT", "/api/act/settings/channels", channels));
}

export interface ConsentSaid {
  readonly person: string;
  readonly channel: "email" | "webhook";
  readonly purpose: string;
  readonly given: boolean;
  readonly proof: string;
}

export function useAnswer() {
  return useChange((said: ConsentSaid) => send<unknown>("POST", "/api/act/consents", said));
}
