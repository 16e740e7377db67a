/** What must be known to read the prices: notes of the computation, and who was left out. */

import type { Price } from "@/api/types.ts";
import { ground } from "@/charts/meaning.ts";
import classes from "./rows.module.css";

export function Notes({ price, timezone }: { readonly price: Price; readonly timezone: string }) {
  return (
    <section className={classes.block} aria-labelledby="notes">
      <h2 className={classes.title} id="notes">
        What to know
      </h2>
      <ul className={classes.notes}>
        {[...price.notes, ...ground(price, timezone)].map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </section>
  );
}
