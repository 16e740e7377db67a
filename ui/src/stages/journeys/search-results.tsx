/** What a search found: people, accounts, and values of traits that a list can be narrowed to. */

import { Button } from "@mantine/core";
import { Link } from "wouter";
import { useSearch } from "@/api/people-queries.ts";
import { count } from "@/lib/format.ts";
import { clauseText } from "@/lib/predicate.ts";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { PeopleTable } from "@/stages/journeys/people-table.tsx";
import { subjectLink } from "@/stages/journeys/subject-link.ts";
import { EmptyState, LoadingState } from "@/ui/states.tsx";
import classes from "./people-list.module.css";
import { Worded } from "@/ui/worded.tsx";

interface SearchResultsProps {
  readonly text: string;
  readonly map: string | null;
  readonly timezone: string;
  readonly currency: string;
  readonly search: string;
  readonly traits: readonly string[];
  readonly onTrait: (predicate: string) => void;
}

export function SearchResults({ text, map, timezone, currency, search, traits, onTrait }: SearchResultsProps) {
  const query = useSearch(text, map);
  if (query.isPending) return <LoadingState what="Looking" />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const found = query.data;
  if (found.people.length + found.accounts.length + found.traits.length === 0)
    return <EmptyState title={`Nothing holds ${text}`} text="Ids, accounts and traits were looked through, whatever the capitals. A shorter piece finds more." />;
  return (
    <div className={classes.found}>
      {found.accounts.length > 0 && (
        <section>
          <h2 className={classes.title}>
            <Worded text="Accounts" />
          </h2>
          <ul className={classes.accounts}>
            {found.accounts.map((one) => (
              <li key={one.id}>
                <Link href={subjectLink({ kind: "account", id: one.id }, search)}>{one.id}</Link>{" "}
                <span className={classes.soft}>
                  {count(one.people)} {one.people === 1 ? "person" : "people"}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {found.traits.length > 0 && (
        <section>
          <h2 className={classes.title}>People by what is known of them</h2>
          <div className={classes.traits}>
            {found.traits.map((one) => (
              <Button
                key={`${one.trait} ${one.value}`}
                size="compact-sm"
                variant="default"
                onClick={() => onTrait(clauseText({ column: one.trait, operator: "=", value: one.value }, "text"))}
              >
                {one.trait} {one.value}: {count(one.people)}
              </Button>
            ))}
          </div>
        </section>
      )}
      {found.people.length > 0 && <PeopleTable caption="People" people={found.people} {...{ timezone, currency, search, traits }} />}
      {found.more && <p className={classes.soft}>More than these hold it; a longer piece narrows the search.</p>}
    </div>
  );
}
