/** What every page is asked about; it lives in the address, so that a copied link shows the same view. */

import { allOf } from "@/lib/predicate.ts";

export interface Selection {
  readonly map: string | null;
  readonly persona: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly where: readonly string[];
  readonly who: readonly string[];
}

const SINGLE = ["map", "persona", "from", "to"] as const;

/** Read the selection from the address. */
export function readSelection(params: URLSearchParams): Selection {
  return {
    map: params.get("map"),
    persona: params.get("persona"),
    from: params.get("from"),
    to: params.get("to"),
    where: params.getAll("where"),
    who: params.getAll("who"),
  };
}

/** Write a changed selection into a copy of the address; null and empty lists leave it. */
export function writeSelection(params: URLSearchParams, change: Partial<Selection>): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const name of SINGLE) {
    const value = change[name];
    if (value === undefined) continue;
    if (value === null || value === "") next.delete(name);
    else next.set(name, value);
  }
  for (const name of ["where", "who"] as const) {
    const list = change[name];
    if (list === undefined) continue;
    next.delete(name);
    for (const text of list) next.append(name, text);
  }
  return next;
}

/** The selection as the query of an API call. */
export function selectionQuery(selection: Selection): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of SINGLE) {
    const value = selection[name];
    if (value) query.set(name, value);
  }
  const where = allOf(selection.where);
  if (where) query.set("where", where);
  const who = allOf(selection.who);
  if (who) query.set("who", who);
  return query;
}
