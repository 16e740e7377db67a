/** Who is here and who may be: logins, keys, jobs. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { askAnew, keyed } from "@/api/ask-anew.ts";
import { get, send } from "@/api/client.ts";
import type { JobRow, KeyRow, LoginRow, Me } from "@/api/types.ts";

const NONE = new URLSearchParams();
const SOON_MS = 3_000;

/** In rising order: each role may do what the one before it may. */
export const ROLES = ["viewer", "editor", "sender", "admin"] as const;

export function useMe() {
  return useQuery({ queryKey: ["me"], queryFn: ({ signal }) => get<Me>("/api/run/me", NONE, signal), staleTime: Infinity });
}

/** Whether whoever is here may do what takes a role. */
export function useMay(role: (typeof ROLES)[number]): boolean {
  const mine = useMe().data?.role ?? null;
  return ROLES.findIndex((one) => one === mine) >= ROLES.indexOf(role);
}

export function useLogins(enabled: boolean) {
  return useQuery({ queryKey: ["logins"], queryFn: ({ signal }) => get<readonly LoginRow[]>("/api/run/logins", NONE, signal), enabled });
}

export function useKeys(enabled: boolean) {
  return useQuery({ queryKey: ["keys"], queryFn: ({ signal }) => get<readonly KeyRow[]>("/api/run/keys", NONE, signal), enabled });
}

export function useJobs() {
  return useQuery({ queryKey: ["jobs"], queryFn: ({ signal }) => get<readonly JobRow[]>("/api/run/jobs", NONE, signal), refetchInterval: SOON_MS });
}

interface Change {
  readonly method: "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
}

/** Change something of logins, keys or jobs; the lists are asked anew. */
export function useChange<T>(onDone?: (answer: T) => void) {
  const client = useQueryClient();
  return useMutation<T, Error, Change>({
    mutationFn: ({ method, path, body }) => send<T>(method, path, body ?? {}),
    onSuccess: (answer) => {
      onDone?.(answer);
      return askAnew(client, keyed("me", "logins", "keys", "jobs"));
    },
  });
}

/** Log in, or out: everything that was shown belongs to whoever was here before. */
export function useEnter() {
  const client = useQueryClient();
  return useMutation<Me, Error, { readonly name: string; readonly password: string } | null>({
    mutationFn: (who) => (who ? send<Me>("POST", "/api/run/login", who) : send<Me>("POST", "/api/run/logout")),
    onSuccess: (me) => {
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "me" });
      client.setQueryData(["me"], me);
    },
  });
}
