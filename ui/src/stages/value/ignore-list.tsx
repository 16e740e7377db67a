/** What looks bad and does not matter, why, and what would change that. */

import type { PeopleOf } from "@/api/people-of.ts";
import type { IgnoreRow, Price } from "@/api/types.ts";
import { inSigns } from "@/lib/format.ts";
import { Figure } from "@/ui/figure.tsx";
import classes from "./rows.module.css";
import { Worded } from "@/ui/worded.tsx";

interface IgnoreListProps {
  readonly price: Price;
  readonly limit: number;
  readonly from?: number;
  readonly title?: string;
  readonly openPeople: (of: PeopleOf) => void;
}

export function IgnoreList({ price, limit, from = 0, title = "Ignore without guilt", openPeople }: IgnoreListProps) {
  const rows = price.ignore.slice(from, limit);
  return (
    <section className={classes.block} aria-label={title}>
      <h2 className={classes.title}>
        {title}
      </h2>
      {rows.length === 0 ? (
        <p className={classes.none}>
          <Worded text={price.ignore_why ?? ""} />
        </p>
      ) : (
        <ul className={classes.ignored}>
          {rows.map((row) => (
            <IgnoreItem key={row.id} row={row} currency={price.currency} openPeople={openPeople} />
          ))}
        </ul>
      )}
    </section>
  );
}

type ItemProps = Pick<IgnoreListProps, "openPeople"> & { readonly row: IgnoreRow; readonly currency: string };

function IgnoreItem({ row, currency, openPeople }: ItemProps) {
  const people = peopleOf(row);
  const because = inSigns(row.because, currency);
  const again = inSigns(row.look_again_if.replace(/^look again if\s+/i, ""), currency);
  return (
    <li data-row={row.id}>
      <h3 className={classes.small}>
        <Figure meaning={{ what: because, lines: [`Look again if ${again}`] }} onOpen={people ? () => openPeople(people) : undefined}>
          <span data-part="title">{inSigns(row.title, currency)}</span>
        </Figure>
      </h3>
      <p className={classes.brief} data-part="because">
        {because}
      </p>
      <p className={classes.again} data-part="again">
        Look again if {again}
      </p>
    </li>
  );
}

function peopleOf(row: IgnoreRow): PeopleOf | null {
  if (row.group && row.from) return { kind: "group", property: row.group.property, value: row.group.value, step: row.from };
  return row.from ? { kind: "step", step: row.from } : null;
}
