/** How many people no number on the page counts, and why. */

import { count } from "@/lib/format.ts";
import classes from "./left-out.module.css";

type Excluded = Readonly<Record<string, number>>;

/** "10 employees · 2 robots", or null where everybody counts. */
export function leftOutWords(excluded: Excluded): string | null {
  const rows = Object.entries(excluded).filter(([, people]) => people > 0);
  return rows.length > 0 ? rows.map(([why, people]) => `${count(people)} ${why.replaceAll("_", " ")}`).join(" · ") : null;
}

/** How many people are left out in all. */
export function leftOut(excluded: Excluded): number {
  return Object.values(excluded).reduce((sum, people) => sum + people, 0);
}

export function LeftOut({ excluded }: { readonly excluded: Excluded }) {
  const words = leftOutWords(excluded);
  return words && <p className={classes.line} data-part="left-out">Left out of every number here: {words}.</p>;
}
