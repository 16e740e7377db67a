/** The list of people of a selection: in an order, with the traits that one wants to see, and as CSV. */

import { Button, MultiSelect, Select } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useLocation } from "wouter";
import { listQuery, type Order, useListed } from "@/api/people-queries.ts";
import type { Selection } from "@/api/selection.ts";
import { count } from "@/lib/format.ts";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { PeopleTable } from "@/stages/journeys/people-table.tsx";
import { EmptyState, LoadingState } from "@/ui/states.tsx";
import classes from "./people-list.module.css";

interface PeopleListProps {
  readonly selection: Selection;
  readonly timezone: string;
  readonly currency: string;
  readonly search: string;
  readonly traits: readonly string[];
  readonly onTraits: (traits: string[]) => void;
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
  readonly onClear: () => void;
}

const ORDERS: readonly { readonly value: Order; readonly label: string }[] = [
  { value: "last", label: "latest here first" },
  { value: "first", label: "newest first" },
  { value: "events", label: "most events first" },
  { value: "money", label: "most money first" },
];

export function PeopleList(props: PeopleListProps) {
  const { selection, order, search, timezone, currency, traits } = props;
  const query = useListed(selection, order);
  if (query.isPending) return <LoadingState what="Looking these people up" />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const first = query.data.pages[0];
  const people = query.data.pages.flatMap((page) => page.people);
  const total = first?.count ?? 0;
  if (total === 0)
    return (
      <EmptyState
        title="Nobody"
        text="No one in this selection did anything. Widen the period or take a filter away."
        action={
          <Button size="xs" onClick={props.onClear}>
            Everybody
          </Button>
        }
      />
    );
  return (
    <>
      <Bar {...props} known={first?.traits ?? []} total={total} />
      <PeopleTable caption={`${count(people.length)} of ${count(total)} shown`} {...{ people, timezone, currency, search, traits }} />
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

function Bar({ selection, order, onOrder, traits, onTraits, search, known, total }: PeopleListProps & { readonly known: readonly string[]; readonly total: number }) {
  const csv = listQuery(selection, order);
  csv.set("format", "csv");
  return (
    <div className={classes.bar}>
      <span className={classes.count}>
        <b>{count(total)}</b> {total === 1 ? "person" : "people"}
      </span>
      <MyList search={search} />
      <Select size="xs" w={160} aria-label="Order" allowDeselect={false} value={order} data={ORDERS} onChange={(value) => onOrder(ORDERS.find((one) => one.value === value)?.value ?? "last")} />
      <MultiSelect size="xs" className={classes.pick} aria-label="Columns" placeholder={traits.length === 0 ? "Columns" : ""} searchable value={[...traits]} data={[...known]} onChange={onTraits} />
      <Button component="a" size="xs" variant="default" href={`/api/journeys/listed?${csv.toString()}`} download="people.csv">
        CSV of all
      </Button>
    </div>
  );
}

/** One selection that is kept in this browser and opened again with one click. */
function MyList({ search }: { readonly search: string }) {
  const [kept, keep, forget] = useLocalStorage<string | null>({ key: "pathworth-my-list", defaultValue: null });
  const [, go] = useLocation();
  if (kept === search)
    return (
      <Button size="xs" variant="light" onClick={() => forget()}>
        My list: forget it
      </Button>
    );
  return (
    <>
      {kept !== null && (
        <Button size="xs" variant="light" onClick={() => go(kept ? `/people?${kept}` : "/people")}>
          My list
        </Button>
      )}
      {search !== "" && (
        <Button size="xs" variant="subtle" onClick={() => keep(search)}>
          Keep this as my list
        </Button>
      )}
    </>
  );
}
