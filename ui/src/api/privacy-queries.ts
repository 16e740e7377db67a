/** What a person may ask for: a file of all that is known, and to be erased. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, send } from "@/api/client.ts";
import type { Erasure, Erasures, KeepPreview, KeepView, PrivateView, SmallCells } from "@/api/types.ts";

/** Where the file of everything that is known of a person is. */
export function accessAddress(id: string): string {
  return `/api/privacy/access?${new URLSearchParams({ id }).toString()}`;
}

export function useErasures(enabled: boolean) {
  return useQuery({ queryKey: ["erasures"], queryFn: ({ signal }) => get<Erasures>("/api/privacy/erasures", new URLSearchParams(), signal), enabled });
}

/** Erase a person; every answer is asked anew, since all of them changed. */
export function useErase(onDone: () => void) {
  const client = useQueryClient();
  return useMutation<Erasure, Error, { readonly person: string; readonly because: string }>({
    mutationFn: (body) => send<Erasure>("POST", "/api/privacy/erasures", body),
    onSuccess: () => {
      onDone();
      return client.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== "me" });
    },
  });
}

const PRIVATE = ["private"];

export function usePrivate() {
  return useQuery({ queryKey: PRIVATE, queryFn: ({ signal }) => get<PrivateView>("/api/privacy/columns", new URLSearchParams(), signal) });
}

/** Say which columns are personal, and from which role on they are seen as they are. */
export function useDeclarePrivate() {
  const client = useQueryClient();
  return useMutation<PrivateView, Error, { readonly columns: readonly string[]; readonly seen_by: string }>({
    mutationFn: (body) => send<PrivateView>("PUT", "/api/privacy/columns", body),
    onSuccess: (view) => client.setQueryData(PRIVATE, view),
  });
}

const CELLS = ["cells"];

export function useCells() {
  return useQuery({ queryKey: CELLS, queryFn: ({ signal }) => get<SmallCells>("/api/privacy/cells", new URLSearchParams(), signal) });
}

/** Say of how few people numbers may be that lower roles get. */
export function useDeclareCells() {
  const client = useQueryClient();
  return useMutation<SmallCells, Error, SmallCells>({
    mutationFn: (body) => send<SmallCells>("PUT", "/api/privacy/cells", body),
    onSuccess: (view) => client.setQueryData(CELLS, view),
  });
}

const KEEP = ["keep"];

export function useKeep() {
  return useQuery({ queryKey: KEEP, queryFn: ({ signal }) => get<KeepView>("/api/privacy/keep", new URLSearchParams(), signal) });
}

/** What the next batch would remove if a class were kept for so long; nothing is asked before something is said. */
export function useKeepPreview(name: string, keep: string) {
  return useQuery({
    queryKey: [...KEEP, "preview", name, keep],
    queryFn: ({ signal }) => get<KeepPreview>("/api/privacy/keep/preview", new URLSearchParams({ name, keep }), signal),
    enabled: keep !== "",
    retry: false,
  });
}

/** Declare how long a class is kept. */
export function useDeclareKeep(onDone: () => void) {
  const client = useQueryClient();
  return useMutation<KeepView, Error, { readonly name: string; readonly keep: string }>({
    mutationFn: (body) => send<KeepView>("PUT", "/api/privacy/keep", body),
    onSuccess: (view) => {
      client.setQueryData(KEEP, view);
      onDone();
    },
  });
}
