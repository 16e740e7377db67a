/** The price of every arrow as a table, with its interval drawn beside the number. */

import { useMemo } from "react";
import type { PeopleOf } from "@/api/people-of.ts";
import type { Arrow, MapDocument, Price } from "@/api/types.ts";
import { namesOf } from "@/charts/download.ts";
import { afterMeaning, arrowPeopleMeaning, pointMeaning } from "@/charts/meaning.ts";
import { about, aboutMoney, count, duration, money, percent } from "@/lib/format.ts";
import { RangeMark } from "@/charts/range-mark.tsx";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { Figure } from "@/ui/figure.tsx";
import classes from "./price.module.css";

interface PriceTableProps {
  readonly price: Price;
  readonly document: MapDocument;
  readonly timezone: string;
  readonly openPeople: (of: PeopleOf) => void;
  readonly openArrow: (arrow: Pick<Arrow, "from" | "to">) => void;
}

/** Arrows from the dearest point down, exits aside; without a price they come last. */
export function dearestFirst(arrows: readonly Arrow[]): readonly Arrow[] {
  return arrows
    .filter((arrow) => arrow.to !== "exit" && arrow.people > 0)
    .sort((a, b) => (b.per_month ?? -Infinity) - (a.per_month ?? -Infinity) || b.people - a.people);
}

/** Columns that stand empty where nothing has a price, always for the same reason. */
const PRICED: ReadonlySet<string> = new Set(["A point, a month", "Likely", "Worth after"]);

export function PriceTable({ price, document, timezone, openPeople, openArrow }: PriceTableProps) {
  const rows = useMemo(() => dearestFirst(price.arrows), [price]);
  const name = namesOf(document);
  const most = Math.max(0, ...rows.map((arrow) => arrow.per_month_interval?.[1] ?? arrow.per_month ?? 0));
  const columns: readonly ColumnOf<Arrow>[] = [
    {
      name: "Arrow",
      sort: (arrow) => name(arrow.from),
      show: (arrow) => (
        <>
          <button type="button" className={classes.arrow} onClick={() => openArrow(arrow)}>
            {name(arrow.from)} <span className={classes.to}>{arrow.from === arrow.to ? "again" : `→ ${name(arrow.to)}`}</span>
          </button>
          {arrow.memory && (
            <Figure meaning={MEMORY} className={classes.mark} label="has memory">
              memory
            </Figure>
          )}
        </>
      ),
    },
    {
      name: "A point, a month",
      right: true,
      sort: (arrow) => arrow.per_month,
      show: (arrow) =>
        arrow.per_month === null ? (
          <span className={classes.why}>not known{arrow.why ? `: ${arrow.why}` : ""}</span>
        ) : (
          <Figure meaning={pointMeaning(arrow, price, timezone)} className={classes.strong}>
            {aboutMoney(arrow.per_month, price.currency)}
          </Figure>
        ),
    },
    {
      name: "Likely",
      show: (arrow) =>
        arrow.per_month !== null && (
          <span className={classes.range}>
            <RangeMark value={arrow.per_month} interval={arrow.per_month_interval} most={most} />
            <span className={classes.soft}>
              {arrow.per_month_interval ? `${about(arrow.per_month_interval[0])} to ${about(arrow.per_month_interval[1])}` : "too few for an interval"}
            </span>
          </span>
        ),
    },
    {
      name: "People a month",
      right: true,
      sort: (arrow) => arrow.people_per_month,
      show: (arrow) => (
        <Figure meaning={arrowPeopleMeaning(arrow, price, timezone)} onOpen={() => openPeople({ kind: "arrow", from: arrow.from, to: arrow.to })}>
          {count(arrow.people_per_month)}
        </Figure>
      ),
    },
    { name: "Share", right: true, sort: (arrow) => arrow.share, show: (arrow) => (arrow.share === null ? "" : percent(arrow.share)) },
    { name: "Time", right: true, sort: (arrow) => arrow.median_seconds, show: (arrow) => (arrow.median_seconds === null ? "" : duration(arrow.median_seconds)) },
    {
      name: "Worth after",
      right: true,
      sort: (arrow) => arrow.value_per_person,
      show: (arrow) => arrow.value_per_person !== null && <Figure meaning={afterMeaning(arrow, price, timezone)}>{money(arrow.value_per_person, price.currency)}</Figure>,
    },
  ];
  const [why, ...others] = new Set(rows.map((arrow) => (arrow.per_month === null && arrow.value_per_person === null ? (arrow.why ?? "not known") : "")));
  const priced = !why || others.length > 0;
  return (
    <DataTable
      caption={priced ? `What each arrow is worth (${rows.length})` : `Arrows, the busiest first (${rows.length}). None has a price: ${why}.`}
      columns={priced ? columns : columns.filter(({ name }) => !PRICED.has(name))}
      rows={rows}
      keyOf={(arrow) => `${arrow.from}/${arrow.to}`}
    />
  );
}

const MEMORY = {
  what: "This step has memory: what came before changes what comes next, for example a deadline that runs across steps.",
  lines: ["Its price is never first in Do next."],
};
