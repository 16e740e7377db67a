/** The few things worth doing: verb, because, worth, and the first action. */

import { Button } from "@mantine/core";
import type { PeopleOf } from "@/api/people-of.ts";
import type { DoNextRow, Price } from "@/api/types.ts";
import { rowMeaning } from "@/charts/meaning.ts";
import { about, aboutMoney, inSigns, likely } from "@/lib/format.ts";
import { AcceptRow } from "@/stages/value/accept-row.tsx";
import { ChoosePersona } from "@/stages/measure/choose-persona.tsx";
import { Figure } from "@/ui/figure.tsx";
import classes from "./rows.module.css";
import { Worded } from "@/ui/worded.tsx";

interface DoNextProps {
  readonly price: Price;
  readonly timezone: string;
  readonly limit: number;
  readonly openPeople: (of: PeopleOf) => void;
  readonly openStep: (id: string) => void;
}

export function DoNext({ price, timezone, limit, openPeople, openStep }: DoNextProps) {
  const rows = price.do_next.slice(0, limit);
  return (
    <section className={classes.block} aria-labelledby="do-next">
      <h2 className={classes.title} id="do-next">
        Do next
      </h2>
      {rows.length === 0 ? (
        <>
          <p className={classes.none}>
            <Worded text={price.do_next_why ?? ""} />
          </p>
          <ChoosePersona />
        </>
      ) : (
        <ol className={classes.cards}>
          {rows.map((row, k) => (
            <DoNextCard key={row.id} row={row} place={k + 1} {...{ price, timezone, openPeople, openStep }} />
          ))}
        </ol>
      )}
    </section>
  );
}

type CardProps = Omit<DoNextProps, "limit"> & { readonly row: DoNextRow; readonly place: number };

function DoNextCard({ row, place, price, timezone, openPeople, openStep }: CardProps) {
  return (
    <li className={classes.card} data-row={row.id}>
      <h3 className={classes.name}>
        <span className={classes.place}>{place}</span>
        <span data-part="title">{inSigns(row.title, price.currency)}</span>
      </h3>
      <p className={classes.because} data-part="because" title={row.because}>
        Because {lower(inSigns(row.because, price.currency))}
      </p>
      <p className={classes.worth}>
        <Figure meaning={rowMeaning(row, price, timezone)} onOpen={() => openPeople(groupOf(row))}>
          about <b data-part="worth">{aboutMoney(row.per_month, price.currency)}</b> a month
        </Figure>
        <span className={classes.likely}> ({likely(row.interval, about)})</span>
      </p>
      <p className={classes.acts}>
        <Button size="compact-sm" variant="light" onClick={() => openPeople(groupOf(row))}>
          See these people
        </Button>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={() => openStep(row.from)}>
          Show the step
        </Button>
        <AcceptRow row={row} map={price.map} />
      </p>
    </li>
  );
}

/** The people of a row: those at its step who have its property. */
export function groupOf(row: DoNextRow): PeopleOf {
  return { kind: "group", property: row.group.property, value: row.group.value, step: row.from };
}

/** "Because" is said before the reason, so the reason begins small and does not say it again. */
export function lower(reason: string): string {
  const rest = reason.replace(/^because\s+/i, "");
  const [first = "", second = ""] = rest;
  return second === second.toUpperCase() && /\p{L}/u.test(second) ? rest : first.toLowerCase() + rest.slice(1);
}
