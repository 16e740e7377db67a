/** The people behind a number of a question, as the drawer opens them. */

import { type Asked, type Question, questionQuery, WORDS } from "@/api/explore.ts";
import type { PeopleOf } from "@/api/people-of.ts";
import type { Selection } from "@/api/selection.ts";

/** Whose numbers they are: the question, its parts and one selection. */
export interface Ground {
  readonly question: Question;
  readonly asked: Asked;
  readonly selection: Selection;
}

/** The list of a cell, written as the answer writes it, under a title. */
export function cellOf({ question, asked, selection }: Ground, cell: string, title: string): PeopleOf {
  const query = questionQuery(question, asked, selection);
  query.set("cell", cell);
  return { kind: "cell", question: WORDS[question], query: query.toString(), title };
}

/** Which number of a funnel; `value` is null for those of whom the property is not known. */
export interface FunnelCell {
  readonly at: number;
  readonly what: "reached" | "dropped";
  readonly part?: { readonly value: string | null };
}

/** The list of a number of a funnel, under a title. */
export function numberOf({ asked, selection }: Ground, cell: FunnelCell, title: string): PeopleOf {
  const query = questionQuery("funnel", asked, selection);
  query.delete("by");
  query.set("at", String(cell.at));
  query.set("what", cell.what);
  if (cell.part && asked.by) query.set("by", asked.by);
  if (cell.part?.value != null) query.set("value", cell.part.value);
  return { kind: "number", query: query.toString(), title };
}
