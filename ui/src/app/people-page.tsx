/** People: search, a list to narrow, and the page of one person or account. */

import { TextInput } from "@mantine/core";
import { useDebouncedValue, useDocumentTitle, useLocalStorage } from "@mantine/hooks";
import { useEffect, useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import { useAddress } from "@/api/address.ts";
import { type Order, type Part, type Subject, useHead } from "@/api/people-queries.ts";
import { useColumns, useWorkspace } from "@/api/queries.ts";
import type { Workspace } from "@/api/types.ts";
import { NoEvents } from "@/app/no-events.tsx";
import { SelectionBar } from "@/app/selection-bar.tsx";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { PeopleList } from "@/stages/journeys/people-list.tsx";
import { SearchResults } from "@/stages/journeys/search-results.tsx";
import { SubjectHead } from "@/stages/journeys/subject-head.tsx";
import { SubjectTimeline } from "@/stages/journeys/subject-timeline.tsx";
import { readSubject } from "@/stages/journeys/subject-link.ts";
import { SearchIcon } from "@/ui/icons.tsx";
import { LoadingState } from "@/ui/states.tsx";
import classes from "./people-page.module.css";

const CHOSEN = 3;

export function PeoplePage() {
  // The address is asked for changes; what it holds is read undecoded, since an id may hold slashes.
  useLocation();
  const workspace = useWorkspace();
  const subject = readSubject(window.location.pathname);
  if (workspace.isError) return <Failed error={workspace.error} retry={() => void workspace.refetch()} />;
  if (workspace.isPending) return <LoadingState what="Opening the workspace" />;
  if (workspace.data.events === 0) return <NoEvents then="Its people are here as soon as it is in." />;
  return subject ? <One key={`${subject.kind} ${subject.id}`} subject={subject} workspace={workspace.data} /> : <Everybody workspace={workspace.data} />;
}

function Everybody({ workspace }: { readonly workspace: Workspace }) {
  const { selection, select } = useAddress();
  const [params, setParams] = useSearchParams();
  const [text, setText] = useState(params.get("q") ?? "");
  const [asked] = useDebouncedValue(text.trim(), 250);
  const columns = useColumns(true);
  const [order, setOrder] = useState<Order>("last");
  const [chosen, choose] = useLocalStorage<readonly string[] | null>({ key: "pathworth-people-columns", defaultValue: null });
  const traits = chosen ?? (columns.data ?? []).filter((one) => one.kind === "text" && one.values.length > 1 && one.values.length < 10 && one.name !== "event").map((one) => one.name).slice(0, CHOSEN);
  const kept = new URLSearchParams([...params].filter(([name]) => name !== "q")).toString();
  useEffect(() => {
    setParams(
      (now) => {
        const next = new URLSearchParams(now);
        if (asked === "") next.delete("q");
        else next.set("q", asked);
        return next;
      },
      { replace: true },
    );
  }, [asked, setParams]);
  const { timezone, currency } = workspace;
  return (
    <div className={classes.page}>
      <SelectionBar priced={false} />
      <div className={classes.search}>
        <h1 className={classes.title}>People</h1>
        <TextInput
          className={classes.input ?? ""}
          size="sm"
          aria-label="Find a person or account"
          placeholder="Part of an id, an account, a plan, a country…"
          leftSection={<SearchIcon size={15} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <div className={classes.body}>
        {asked === "" ? (
          <PeopleList
            {...{ selection, timezone, currency, traits, order }}
            search={kept}
            onOrder={setOrder}
            onTraits={choose}
            onClear={() => select({ persona: null, from: null, to: null, where: [], who: [] })}
          />
        ) : (
          <SearchResults
            text={asked}
            map={selection.map}
            {...{ timezone, currency, traits }}
            search={kept}
            onTrait={(predicate) => {
              setText("");
              select({ who: [...selection.who, predicate] });
            }}
          />
        )}
      </div>
    </div>
  );
}

function One({ subject, workspace }: { readonly subject: Subject; readonly workspace: Workspace }) {
  const { selection } = useAddress();
  const [params, setParams] = useSearchParams();
  const head = useHead(subject, selection.map);
  useDocumentTitle(`${subject.id} · ${workspace.name} · Pathworth`);
  const part: Part = { month: params.get("month"), only: params.get("only") };
  const change = (wanted: Partial<Part>) =>
    setParams((now) => {
      const next = new URLSearchParams(now);
      for (const [name, value] of Object.entries(wanted)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      return next;
    });
  if (head.isPending) return <LoadingState what="Reading this journey" />;
  if (head.isError) return <Failed error={head.error} retry={() => void head.refetch()} />;
  const kept = new URLSearchParams([...params].filter(([name]) => name !== "month" && name !== "only")).toString();
  const { timezone, currency } = workspace;
  return (
    <>
      <SubjectHead head={head.data} {...{ timezone, currency }} search={kept} />
      <SubjectTimeline {...{ subject, part, timezone, currency }} head={head.data} map={selection.map} onPart={change} />
    </>
  );
}
