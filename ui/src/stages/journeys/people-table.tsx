/** People as rows: who, which step they are in, when they were here, money, and the traits that were chosen. */

import { Link } from "wouter";
import type { ListedPerson } from "@/api/types.ts";
import { count, day, moment, money } from "@/lib/format.ts";
import { subjectLink } from "@/stages/journeys/subject-link.ts";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import classes from "./people-list.module.css";

interface PeopleTableProps {
  readonly caption: string;
  readonly people: readonly ListedPerson[];
  readonly timezone: string;
  readonly currency: string;
  readonly search: string;
  readonly traits: readonly string[];
}

export function PeopleTable({ caption, people, timezone, currency, search, traits }: PeopleTableProps) {
  const link = (kind: "person" | "account", id: string) => subjectLink({ kind, id }, search);
  const accounts = people.some((one) => one.account !== null);
  const columns: ColumnOf<ListedPerson>[] = [
    {
      name: "Person",
      show: (row) => (
        <Link href={link("person", row.id)} className={classes.id ?? ""}>
          {row.id}
        </Link>
      ),
    },
    { name: "Last step", sort: (row) => row.step, show: (row) => <span className={classes.stand}>{row.step ?? "none"}</span> },
    { name: "Last here", sort: (row) => row.last, show: (row) => <span className={classes.when}>{moment(row.last, timezone)}</span> },
    { name: "First seen", sort: (row) => row.first, show: (row) => <span className={classes.when}>{day(row.first, timezone)}</span> },
    { name: "Events", right: true, sort: (row) => row.events, show: (row) => count(row.events) },
    { name: "Net money", right: true, sort: (row) => row.money, show: (row) => (row.money === 0 ? "" : money(row.money, currency)) },
    ...traits.map((name): ColumnOf<ListedPerson> => ({ name, sort: (row) => row.traits[name] ?? null, show: (row) => row.traits[name] ?? "" })),
  ];
  if (accounts)
    columns.splice(1, 0, {
      name: "Account",
      sort: (row) => row.account,
      show: (row) =>
        row.account && (
          <Link href={link("account", row.account)} className={classes.id ?? ""}>
            {row.account}
          </Link>
        ),
    });
  return <DataTable caption={caption} columns={columns} rows={people} keyOf={(row) => row.id} />;
}
