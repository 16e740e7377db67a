/** What Explore asks of the server, and the changes it makes to the map. */

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { askAnew, keyed } from "@/api/ask-anew.ts";
import { get, send } from "@/api/client.ts";
import { type Asked, againstQuery, type Question, questionQuery, WORDS } from "@/api/explore.ts";
import type { Selection } from "@/api/selection.ts";
import type { Choices, Cut, MapDocument, MapDraft, PersonaChoice, Reconciled, SavedMap, WhyDiffer } from "@/api/types.ts";

const MINUTE_MS = 60_000;

export function useChoices(map: string | null) {
  const query = new URLSearchParams(map ? { map } : {});
  return useQuery({
    queryKey: ["choices", map],
    queryFn: ({ signal }) => get<Choices>("/api/measure/choices", query, signal),
    staleTime: MINUTE_MS,
  });
}

interface Asks {
  readonly question: Question;
  readonly asked: Asked;
  readonly selection: Selection;
  readonly enabled?: boolean;
  /** Another question of the API with the same parameters. */
  readonly word?: string;
}

/** The answer to a question about one selection. */
export function useAnswer<T>({ question, asked, selection, enabled = true, word = WORDS[question] }: Asks) {
  const query = questionQuery(question, asked, selection);
  if ((question === "funnel" && !asked.times) || question === "paths") query.set("times", "quantiles");
  if (question === "flow") query.set("entities", "1");
  return useQuery({
    queryKey: ["answer", word, query.toString()],
    queryFn: ({ signal }) => get<T>(`/api/measure/${word}`, query, signal),
    enabled,
    placeholderData: keepPreviousData,
  });
}

/** The answer to a question about two selections. */
export function useDifference<T>({ question, asked, selection, enabled = true }: Asks) {
  const query = againstQuery(question, asked, selection);
  if (question === "funnel" && !asked.times) query.set("times", "quantiles");
  if (question === "flow") query.set("entities", "1");
  return useQuery({
    queryKey: ["difference", question, query.toString()],
    queryFn: ({ signal }) => get<T>(`/api/measure/${WORDS[question]}/diff`, query, signal),
    enabled,
    placeholderData: keepPreviousData,
  });
}

/** Which journeys of a selection its period cuts. */
export function useCut(query: URLSearchParams, enabled: boolean) {
  return useQuery({ queryKey: ["answer", "cut", query.toString()], queryFn: ({ signal }) => get<Cut>("/api/measure/cut", query, signal), enabled });
}

/** Why the numbers at two addresses differ. */
export function useWhyDiffer(a: string, b: string) {
  const query = new URLSearchParams({ a, b });
  return useQuery({ queryKey: ["why-differ", a, b], queryFn: ({ signal }) => get<WhyDiffer>("/api/measure/why_differ", query, signal) });
}

interface FromElsewhere {
  readonly number: string;
  readonly outside: number | null;
  readonly ids: readonly string[];
}

/** How a number from another system may have come about. */
export function useReconcile() {
  return useMutation({ mutationFn: (given: FromElsewhere) => send<Reconciled>("POST", "/api/measure/reconcile", given) });
}

export function useDraft(steps: readonly string[], map: string | null, enabled: boolean) {
  const query = new URLSearchParams(map ? { map } : {});
  for (const one of steps) query.append("step", one);
  return useQuery({ queryKey: ["draft", query.toString()], queryFn: ({ signal }) => get<MapDraft>("/api/atlas/map/draft", query, signal), enabled, gcTime: 0, staleTime: Infinity });
}

export function usePersonaChoices(enabled: boolean) {
  return useQuery({
    queryKey: ["persona-choices"],
    queryFn: ({ signal }) => get<readonly PersonaChoice[]>("/api/atlas/personas", new URLSearchParams(), signal),
    enabled,
  });
}

interface Keeping {
  readonly document: MapDocument;
  /** Null to put it on top of whatever is there. */
  readonly onto: number | null;
  readonly author: string;
}

/** Keep a map as its next revision; everything that shows the map is asked anew. */
export function useKeepMap() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ document, onto, author }: Keeping) => {
      const query = new URLSearchParams(onto === null ? {} : { onto: String(onto) });
      if (author) query.set("author", author);
      return send<SavedMap>("PUT", `/api/atlas/map?${query.toString()}`, document);
    },
    onSuccess: () => {
      void askAnew(client, keyed("workspace", "picture", "choices", "columns", "signs", "tracking"));
    },
  });
}
