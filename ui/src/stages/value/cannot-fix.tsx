/** What no message can fix: structural mismatches, to be confirmed by a person. */

import type { PeopleOf } from "@/api/people-of.ts";
import type { Price } from "@/api/types.ts";
import { rowMeaning } from "@/charts/meaning.ts";
import { about, aboutMoney, inSigns, likely } from "@/lib/format.ts";
import { groupOf } from "@/stages/value/do-next.tsx";
import { Figure } from "@/ui/figure.tsx";
import classes from "./rows.module.css";

interface CannotFixProps {
  readonly price: Price;
  readonly timezone: string;
  readonly openPeople: (of: PeopleOf) => void;
}

export function CannotFix({ price, timezone, openPeople }: CannotFixProps) {
  if (price.cannot_fix.length === 0) return null;
  return (
    <section className={classes.block} aria-labelledby="cannot-fix">
      <h2 className={classes.title} id="cannot-fix">
        No message can fix this
      </h2>
      <ul className={classes.ignored}>
        {price.cannot_fix.map((row) => (
          <li key={row.id} data-row={row.id}>
            <h3 className={classes.small}>{inSigns(row.title, price.currency)}</h3>
            <p className={classes.because}>{inSigns(row.because, price.currency)}</p>
            <p className={classes.worth}>
              <Figure meaning={rowMeaning(row, price, timezone)} onOpen={() => openPeople(groupOf(row))}>
                about <b>{aboutMoney(row.per_month, price.currency)}</b> a month
              </Figure>
              <span className={classes.likely}> ({likely(row.interval, about)})</span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
