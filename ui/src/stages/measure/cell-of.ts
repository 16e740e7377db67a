/** The people behind a cell of an answer, as the drawer opens them. */

import { questionQuery } from "@/api/explore.ts";
import type { PeopleOf } from "@/api/people-of.ts";
import type { Ground } from "@/stages/measure/number-of.ts";

/** One value of a breakdown; null for those of whom it is not known. */
export interface PartOf {
  readonly value: string | null;
}

/** The list of a cell as the answer writes it, of one part if there is one, under a title. */
export function cellOf({ question, asked, selection }: Ground, cell: string, title: string, part: PartOf | null = null): PeopleOf {
  const query = questionQuery(question, asked, selection);
  if (!part) query.delete("by");
  query.set("cell", part ? `${cell} of ${part.value ?? "None"}` : cell);
  return { kind: "cell", question, query: query.toString(), title };
}
