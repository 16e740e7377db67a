/** What comes in: imports and their undo, files on their way, sources, who is left out, marks, what waits. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { askAnew } from "@/api/ask-anew.ts";
import { ApiError, get, refusal, send } from "@/api/client.ts";
import type { ConnectorRow, DailyRow, DataImport, DataSource, Entity, EntityBuilding, EntityCost, Exclusion, IdLinks, PullRow, QuarantineRow, Rejects, Release, RunningImport, SeenFile, Undone, Upload, Waiting } from "@/api/types.ts";

const NONE = new URLSearchParams();
const STEP_MS = 700;
const SOON_MS = 15_000;
/** What everything that is shown depends on: after a change of the data all of it is asked anew. */
export const COLLECT = "/api/collect";

export function useImports() {
  return useQuery({ queryKey: ["imports"], queryFn: ({ signal }) => get<readonly DataImport[]>(`${COLLECT}/imports`, NONE, signal) });
}

export function useRejects(id: number) {
  return useQuery({ queryKey: ["rejects", id], queryFn: ({ signal }) => get<Rejects>(`${COLLECT}/imports/${id}/rejects`, NONE, signal) });
}

export function useUndoPreview(id: number) {
  return useQuery({
    queryKey: ["undo", id],
    queryFn: ({ signal }) => get<Undone>(`${COLLECT}/imports/${id}/undo`, NONE, signal),
    gcTime: 0,
    staleTime: 0,
  });
}

/** Where events come from; asked as often as what waits, beside which it stands. */
export function useSources() {
  return useQuery({ queryKey: ["sources"], queryFn: ({ signal }) => get<readonly DataSource[]>(`${COLLECT}/sources`, NONE, signal), refetchInterval: SOON_MS });
}

/** What is pulled from other tools by itself. */
export function usePulls() {
  return useQuery({ queryKey: ["pulls"], queryFn: ({ signal }) => get<readonly PullRow[]>(`${COLLECT}/pulls`, NONE, signal), refetchInterval: SOON_MS });
}

/** What can be pulled, and what that needs to know. */
export function useConnectors() {
  return useQuery({ queryKey: ["connectors"], queryFn: ({ signal }) => get<readonly ConnectorRow[]>(`${COLLECT}/connectors`, NONE, signal), staleTime: Infinity });
}

/** What sources say that tell no people. */
export function useDaily() {
  return useQuery({ queryKey: ["daily"], queryFn: ({ signal }) => get<readonly DailyRow[]>(`${COLLECT}/daily`, NONE, signal) });
}

export function useExclusions() {
  return useQuery({ queryKey: ["exclusions"], queryFn: ({ signal }) => get<readonly Exclusion[]>(`${COLLECT}/exclusions`, NONE, signal) });
}

/** Ids that look shared, with the links that therefore join nobody. */
export function useSuspects() {
  const query = new URLSearchParams({ only: "suspects" });
  return useQuery({ queryKey: ["links", "suspects"], queryFn: ({ signal }) => get<IdLinks>(`${COLLECT}/links`, query, signal) });
}

/** What is declared beside people. */
export function useEntities() {
  return useQuery({ queryKey: ["entities"], queryFn: ({ signal }) => get<readonly Entity[]>(`${COLLECT}/entities`, NONE, signal) });
}

/** What the journeys of an entity would take; asked when both are said. */
export function useEntityCost(said: { readonly name: string; readonly by: string } | null) {
  const query = new URLSearchParams(said ? { name: said.name, by: said.by } : {});
  return useQuery({
    queryKey: ["entity-cost", query.toString()],
    queryFn: ({ signal }) => get<EntityCost>(`${COLLECT}/entities/cost`, query, signal),
    enabled: said !== null,
    retry: false,
  });
}

/** The entity whose journeys are built in the background, by whoever declared it; asked often while it is. */
export function useBuilding() {
  return useQuery({
    queryKey: ["building"],
    queryFn: ({ signal }) => get<readonly EntityBuilding[]>(`${COLLECT}/building`, NONE, signal),
    refetchInterval: (query) => (query.state.data?.[0]?.state === "running" ? STEP_MS : SOON_MS),
  });
}

/** Declare an entity, or have one that is behind built anew: it begins in the background. */
export function useDeclare() {
  const client = useQueryClient();
  return useDataChange<EntityBuilding>((now) => client.setQueryData(["building"], [now]));
}

export function useReleases() {
  return useQuery({ queryKey: ["releases"], queryFn: ({ signal }) => get<readonly Release[]>(`${COLLECT}/releases`, NONE, signal) });
}

export function useWaiting() {
  return useQuery({ queryKey: ["waiting"], queryFn: ({ signal }) => get<Waiting>(`${COLLECT}/waiting`, NONE, signal), refetchInterval: SOON_MS });
}

export function useQuarantine(enabled: boolean) {
  return useQuery({ queryKey: ["quarantine"], queryFn: ({ signal }) => get<readonly QuarantineRow[]>(`${COLLECT}/quarantine`, NONE, signal), enabled, refetchInterval: 1_000 });
}

/** The import that runs in the background, asked again and again while it does. */
export function useRunning() {
  return useQuery({
    queryKey: ["running"],
    queryFn: ({ signal }) => get<readonly RunningImport[]>(`${COLLECT}/running`, NONE, signal),
    refetchInterval: (query) => (query.state.data?.[0]?.state === "running" ? STEP_MS : false),
  });
}

export type ColumnsSaid = Readonly<Record<string, string>>;

/** What a file seems to be, given what a person said about its columns. */
export function useLook(upload: string, said: ColumnsSaid) {
  return useQuery({
    queryKey: ["look", upload, said],
    queryFn: () => send<SeenFile>("POST", `${COLLECT}/uploads/${upload}/look`, said),
    placeholderData: (before) => before,
    retry: false,
  });
}

/** Send a file; how far it is, is told from 0 to 1. */
export function sendFile(file: File, tell: (share: number) => void, signal: AbortSignal): Promise<Upload> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${COLLECT}/uploads?name=${encodeURIComponent(file.name)}`);
    request.responseType = "json";
    request.upload.onprogress = (event) => tell(event.total ? event.loaded / event.total : 0);
    request.onload = () => {
      const body: unknown = request.response;
      if (request.status < 300) done(body as Upload);
      else fail(refusal(request.status, body));
    };
    request.onerror = () => fail(new ApiError(0, "NO_SERVER", "The server does not answer, and the file was not sent.", "Start it with: pathworth serve"));
    request.onabort = () => fail(new DOMException("cancelled", "AbortError"));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

interface Change {
  readonly method: "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
}

/** Change something of the data; whatever is shown anywhere is asked anew. */
export function useDataChange<T>(onDone?: (answer: T) => void) {
  const client = useQueryClient();
  return useMutation<T, Error, Change>({
    mutationFn: ({ method, path, body }) => send<T>(method, `${COLLECT}${path}`, body ?? {}),
    onSuccess: (answer) => {
      onDone?.(answer);
      return askAnew(client, { predicate: ({ queryKey }) => queryKey[0] !== "me" && queryKey[0] !== "look" });
    },
  });
}
