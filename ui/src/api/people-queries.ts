/** The questions of the page People: search, lists, and one person or account. */

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { get } from "@/api/client.ts";
import { type Selection, selectionQuery } from "@/api/selection.ts";
import type { Found, Listed, Moments, SubjectHead } from "@/api/types.ts";

const PAGE = 50;
const MOMENTS = 100;

/** Whose page it is. */
export interface Subject {
  readonly kind: "person" | "account";
  readonly id: string;
}

/** Which part of a timeline is looked at. */
export interface Part {
  readonly month: string | null;
  /** `decision`, `waiting`, `money`, or an event's name behind `event:`; null for all. */
  readonly only: string | null;
}

export type Order = "last" | "first" | "events" | "money";

export function useSearch(text: string, map: string | null) {
  const query = new URLSearchParams({ q: text });
  if (map) query.set("map", map);
  return useQuery({
    queryKey: ["search", query.toString()],
    queryFn: ({ signal }) => get<Found>("/api/journeys/search", query, signal),
    enabled: text.trim() !== "",
    placeholderData: keepPreviousData,
  });
}

/** The query of a list: the selection and its order. */
export function listQuery(selection: Selection, order: Order): URLSearchParams {
  const query = selectionQuery(selection);
  query.set("order", order);
  return query;
}

export function useListed(selection: Selection, order: Order) {
  const base = listQuery(selection, order);
  return useInfiniteQuery({
    queryKey: ["listed", base.toString()],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams(base);
      query.set("limit", String(PAGE));
      query.set("after", String(pageParam));
      return get<Listed>("/api/journeys/listed", query, signal);
    },
    initialPageParam: 0,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}

function subjectQuery(subject: Subject, map: string | null): URLSearchParams {
  const query = new URLSearchParams({ kind: subject.kind, id: subject.id });
  if (map) query.set("map", map);
  return query;
}

export function useHead(subject: Subject, map: string | null) {
  const query = subjectQuery(subject, map);
  return useQuery({
    queryKey: ["head", query.toString()],
    queryFn: ({ signal }) => get<SubjectHead>("/api/journeys/head", query, signal),
  });
}

/** The query of a timeline, without its place. */
export function momentsQuery(subject: Subject, part: Part, map: string | null): URLSearchParams {
  const query = subjectQuery(subject, map);
  if (part.only?.startsWith("event:")) query.set("name", part.only.slice("event:".length));
  else if (part.only) query.set("only", part.only);
  return query;
}

type Place = Readonly<Record<string, string>>;

export function useMoments(subject: Subject, part: Part, map: string | null) {
  const base = momentsQuery(subject, part, map);
  const begin: Place = part.month ? { month: part.month } : {};
  return useInfiniteQuery({
    queryKey: ["moments", base.toString(), part.month],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams(base);
      query.set("limit", String(MOMENTS));
      for (const [name, value] of Object.entries(pageParam)) query.set(name, value);
      return get<Moments>("/api/journeys/moments", query, signal);
    },
    initialPageParam: begin,
    getNextPageParam: (last): Place | null => (last.older ? { older: last.older } : null),
    getPreviousPageParam: (first): Place | null => (first.newer ? { newer: first.newer } : null),
  });
}
