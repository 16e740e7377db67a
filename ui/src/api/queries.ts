/** The questions that pages ask, as TanStack queries. */

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { get } from "@/api/client.ts";
import { type PeopleOf, peoplePath, peopleQuery } from "@/api/people-of.ts";
import { type Selection, selectionQuery } from "@/api/selection.ts";
import type { CheckedFilter, ClusterWork, Column, People, Person, Picture, SignCount, Workspace } from "@/api/types.ts";

const MINUTE_MS = 60_000;
const PAGE = 50;

export function useWorkspace() {
  return useQuery({
    queryKey: ["workspace"],
    queryFn: ({ signal }) => get<Workspace>("/api/workspace", new URLSearchParams(), signal),
    refetchInterval: MINUTE_MS,
  });
}

/** What a cluster is being asked, while somebody waits for it. */
export function useClusterWork() {
  return useQuery({
    queryKey: ["asking"],
    queryFn: ({ signal }) => get<readonly ClusterWork[]>("/api/run/asking", new URLSearchParams(), signal),
    refetchInterval: 1000,
    gcTime: 0,
  });
}

export function usePicture(selection: Selection) {
  const query = selectionQuery(selection);
  return useQuery({
    queryKey: ["picture", query.toString()],
    queryFn: ({ signal }) => get<Picture>("/api/value/picture", query, signal),
    placeholderData: keepPreviousData,
  });
}

/** Who did the signs of the map's steps; asked when a step has one. */
export function useSigns(selection: Selection, enabled: boolean) {
  const query = selectionQuery(selection);
  return useQuery({
    queryKey: ["signs", query.toString()],
    queryFn: ({ signal }) => get<readonly SignCount[]>("/api/atlas/signs", query, signal),
    enabled,
    placeholderData: keepPreviousData,
  });
}

export function useColumns(enabled: boolean) {
  return useQuery({
    queryKey: ["columns"],
    queryFn: ({ signal }) => get<readonly Column[]>("/api/columns", new URLSearchParams(), signal),
    enabled,
    staleTime: MINUTE_MS,
  });
}

/** Whether a filter can be asked, and what is wrong with it. */
export function checkFilter(text: string, keeps: "who" | "where", map: string | null): Promise<CheckedFilter> {
  return get<CheckedFilter>("/api/journeys/filter", new URLSearchParams({ text, keeps, ...(map ? { map } : {}) }));
}

/** The query of a list of people: the selection and the cell. */
export function peopleParams(of: PeopleOf, selection: Selection): URLSearchParams {
  if (of.kind === "cell") return new URLSearchParams(of.query);
  const query = selectionQuery(selection);
  for (const [name, value] of Object.entries(peopleQuery(of))) query.set(name, value);
  return query;
}

export function usePeople(of: PeopleOf, selection: Selection) {
  const base = peopleParams(of, selection);
  return useInfiniteQuery({
    queryKey: ["people", peoplePath(of), base.toString()],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams(base);
      query.set("limit", String(PAGE));
      query.set("after", String(pageParam));
      return get<People>(peoplePath(of), query, signal);
    },
    initialPageParam: 0,
    getNextPageParam: (last) => last.next,
  });
}

export function usePerson(id: string) {
  return useQuery({
    queryKey: ["person", id],
    queryFn: ({ signal }) => get<Person>(`/api/journeys/person/${encodeURIComponent(id)}`, new URLSearchParams(), signal),
  });
}
