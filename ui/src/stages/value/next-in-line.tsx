/** What comes after the first three, one line each. */

import type { PeopleOf } from "@/api/people-of.ts";
import type { Price } from "@/api/types.ts";
import { rowMeaning } from "@/charts/meaning.ts";
import { aboutMoney, inSigns } from "@/lib/format.ts";
import { groupOf } from "@/stages/value/do-next.tsx";
import { Figure } from "@/ui/figure.tsx";
import classes from "./rows.module.css";

interface NextInLineProps {
  readonly price: Price;
  readonly timezone: string;
  readonly after: number;
  readonly openPeople: (of: PeopleOf) => void;
}

export function NextInLine({ price, timezone, after, openPeople }: NextInLineProps) {
  const rows = price.do_next.slice(after);
  if (rows.length === 0) return null;
  return (
    <section className={classes.block} aria-labelledby="next-in-line">
      <h2 className={classes.title} id="next-in-line">
        Next in line
      </h2>
      <ul className={classes.line}>
        {rows.map((row) => (
          <li key={row.id} data-row={row.id}>
            <span>{inSigns(row.title, price.currency)}</span>
            <Figure meaning={rowMeaning(row, price, timezone)} onOpen={() => openPeople(groupOf(row))} className={classes.strong}>
              {aboutMoney(row.per_month, price.currency)}
            </Figure>
          </li>
        ))}
      </ul>
    </section>
  );
}
