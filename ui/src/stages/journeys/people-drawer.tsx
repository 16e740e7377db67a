/** The people behind a number: their count, a page of them at a time, and all as CSV. */

import { Button } from "@mantine/core";
import type { InfiniteData } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApiError } from "@/api/client.ts";
import { type PeopleOf, peoplePath } from "@/api/people-of.ts";
import { peopleParams, usePeople } from "@/api/queries.ts";
import type { Selection } from "@/api/selection.ts";
import type { People, PersonRow } from "@/api/types.ts";
import { count, day } from "@/lib/format.ts";
import { entityOf, pluralOf } from "@/lib/units.ts";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { SideDrawer } from "@/ui/side-drawer.tsx";
import { EmptyState, ErrorState, LoadingState } from "@/ui/states.tsx";
import classes from "./drawers.module.css";

interface PeopleDrawerProps {
  readonly of: PeopleOf;
  readonly selection: Selection;
  readonly timezone: string;
  readonly name: (step: string) => string;
  readonly openPerson: (id: string) => void;
  readonly onClose: () => void;
  /** What else can be done with the number. */
  readonly actions?: ReactNode;
}

/** What the list is of, in words. */
export function titleOf(of: PeopleOf, name: (step: string) => string): string {
  switch (of.kind) {
    case "step":
      return `People at ${name(of.step)}`;
    case "sign":
      return `People at ${name(of.step)} with the sign ${of.sign}`;
    case "arrow":
      if (of.to === "exit") return `People who left at ${name(of.from)}`;
      return of.from === of.to ? `People who came to ${name(of.from)} again` : `People who went from ${name(of.from)} to ${name(of.to)}`;
    case "cell":
      return of.title;
    case "group":
      return `People at ${name(of.step)} with ${of.property} ${of.value}`;
  }
}

export function PeopleDrawer(props: PeopleDrawerProps) {
  return (
    <SideDrawer title={titleOf(props.of, props.name)} onClose={props.onClose}>
      <List {...props} />
    </SideDrawer>
  );
}

function List({ of, selection, timezone, openPerson, actions }: PeopleDrawerProps) {
  const query = usePeople(of, selection);
  if (query.isPending) return <LoadingState what="Looking them up" />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const csv = peopleParams(of, selection);
  csv.set("format", "csv");
  const rows = rowsOf(query.data);
  const total = query.data.pages[0]?.count ?? 0;
  const units = query.data.pages[0]?.units;
  const entity = of.kind === "cell" ? entityOf(new URLSearchParams(of.query).get("of")) : null;
  if (total === 0) return <EmptyState title="Nobody" text="No one in this selection did this. Widen the period or take a filter away." />;
  return (
    <>
      <div className={classes.bar}>
        <span data-part="count">
          <b>{count(total)}</b> {total === 1 ? (entity ?? "person") : entity ? pluralOf(entity) : "people"}
          {units != null && `, ${count(units)} times in all`}
        </span>
        <Button component="a" size="xs" variant="default" href={`${peoplePath(of)}?${csv.toString()}`} download="people.csv">
          CSV of all
        </Button>
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
      <DataTable caption={`${count(rows.length)} of ${count(total)} shown`} columns={columnsOf(timezone, entity ?? openPerson)} rows={rows} keyOf={(row) => row.id} />
      {query.hasNextPage && (
        <div className={classes.more}>
          <Button variant="default" size="sm" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

function rowsOf(data: InfiniteData<People>): readonly PersonRow[] {
  return data.pages.flatMap((page) => page.people);
}

/** Rows of people open their timeline; what else has journeys has none of its own. */
function columnsOf(timezone: string, owner: string | ((id: string) => void)): readonly ColumnOf<PersonRow>[] {
  return [
    typeof owner === "string"
      ? { name: owner.charAt(0).toUpperCase() + owner.slice(1), show: (row) => row.id }
      : {
          name: "Person",
          show: (row) => (
            <button type="button" className={classes.link} onClick={() => owner(row.id)}>
              {row.id}
            </button>
          ),
        },
    { name: "First seen", show: (row) => day(row.first, timezone) },
    { name: "Last seen", show: (row) => day(row.last, timezone) },
    { name: "Events", right: true, show: (row) => count(row.events) },
  ];
}

export function Failed({ error, retry }: { readonly error: Error; readonly retry: () => void }) {
  const refused = error instanceof ApiError ? error : null;
  return <ErrorState message={error.message} hint={refused?.hint ?? "Try again."} code={refused?.code ?? "UNKNOWN"} onRetry={retry} />;
}
