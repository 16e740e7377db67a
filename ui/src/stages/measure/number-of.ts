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

/** What a value is called that is not known. */
export const UNKNOWN = "not known";

/** Which cell; `value` is null for those of whom the property is not known. */
export interface Cell {
  readonly at?: number;
  readonly what?: "retained" | "lost";
  readonly cohort?: string;
  readonly steps?: readonly string[];
  readonly part?: { readonly value: string | null };
}

/** The list of a cell, under a title. */
export function numberOf({ question, asked, selection }: Ground, cell: Cell, title: string): PeopleOf {
  const query = questionQuery(question, asked, selection);
  query.set("question", WORDS[question]);
  query.delete("by");
  if (cell.at !== undefined) query.set("at", String(cell.at));
  if (cell.what) query.set("what", cell.what);
  if (cell.cohort) query.set("cohort", cell.cohort);
  if (cell.part && asked.by) query.set("by", asked.by);
  if (cell.part?.value != null) query.set("value", cell.part.value);
  for (const step of cell.steps ?? []) query.append("step", step);
  return { kind: "number", query: query.toString(), title };
}

/** The list of a cell as the answer writes it, under a title; a cell of a part of a breakdown names that part itself. */
export function cellOf({ question, asked, selection }: Ground, cell: string, title: string, word: string = WORDS[question]): PeopleOf {
  const query = questionQuery(question, asked, selection);
  query.set("cell", cell);
  return { kind: "cell", word, query: query.toString(), title };
}
