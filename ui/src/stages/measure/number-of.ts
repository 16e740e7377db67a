/** The people behind a number of a question, as the drawer opens them. */

import { type Asked, againstQuery, type Question, questionQuery, WORDS } from "@/api/explore.ts";
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

/** The list of a cell as the answer writes it, under a title. */
export function cellOf({ question, asked, selection }: Ground, cell: string, title: string, word: string = WORDS[question]): PeopleOf {
  const query = questionQuery(question, asked, selection);
  query.set("cell", cell);
  return { kind: "cell", word, query: query.toString(), title };
}

/** The list of a cell of a comparison that has cells of its own. */
export function cellOfBoth({ question, asked, selection }: Ground, cell: string, title: string): PeopleOf {
  const query = againstQuery(question, asked, selection);
  query.set("cell", cell);
  return { kind: "cell", word: `${WORDS[question]}/diff`, query: query.toString(), title };
}
