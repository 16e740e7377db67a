/** A timeline, the newest first: by visit, to be filtered by kind, jumped by month, and read on both ways. */

import { Button, Select } from "@mantine/core";
import { Fragment } from "react";
import { useReleases } from "@/api/collect-queries.ts";
import { momentsQuery, type Part, type Subject, useMoments } from "@/api/people-queries.ts";
import type { SubjectHead } from "@/api/types.ts";
import { MarkTag } from "@/charts/release-marks.tsx";
import { count, day, duration } from "@/lib/format.ts";
import { MomentRow } from "@/stages/journeys/moment-row.tsx";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { subjectLink } from "@/stages/journeys/subject-link.ts";
import { alike, alikeIn, marksAbove, type Visit, visitSaid, visitsOf } from "@/stages/journeys/visits.ts";
import { EmptyState, LoadingState } from "@/ui/states.tsx";
import classes from "./timeline.module.css";

interface SubjectTimelineProps {
  readonly subject: Subject;
  readonly head: SubjectHead;
  readonly part: Part;
  readonly map: string | null;
  readonly timezone: string;
  readonly currency: string;
  readonly onPart: (change: Partial<Part>) => void;
}

export function SubjectTimeline(props: SubjectTimelineProps) {
  const { subject, part, map, head, onPart } = props;
  const csv = momentsQuery(subject, part, map);
  csv.set("format", "csv");
  return (
    <section className={classes.timeline} aria-label="Timeline">
      <div className={classes.bar}>
        <h2 className={classes.title}>Timeline</h2>
        <Select
          size="xs"
          w={210}
          searchable
          aria-label="Kind of moment"
          value={part.only ?? ""}
          data={kindsOf(head)}
          onChange={(only) => onPart({ only: only || null })}
        />
        <Select
          size="xs"
          w={150}
          searchable
          aria-label="Month"
          value={part.month ?? ""}
          data={[{ value: "", label: "the latest" }, ...[...head.months].reverse().map((one) => ({ value: one.month, label: `${monthName(one.month)} (${count(one.moments)})` }))]}
          onChange={(month) => onPart({ month: month || null })}
        />
        <Button component="a" size="xs" variant="default" href={`/api/journeys/moments?${csv.toString()}`} download="timeline.csv">
          CSV
        </Button>
      </div>
      <Pages {...props} />
    </section>
  );
}

function Pages({ subject, head, part, map, timezone, currency, onPart }: SubjectTimelineProps) {
  const query = useMoments(subject, part, map);
  const releases = useReleases().data ?? [];
  if (query.isPending) return <LoadingState what="Reading this journey" />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const moments = query.data.pages.flatMap((page) => page.moments);
  const total = query.data.pages[0]?.total ?? 0;
  if (head.kinds.length === 0)
    return <EmptyState title="No events yet" text="Something was said of this account, and no event names it so far." />;
  if (total === 0)
    return (
      <EmptyState
        title="Nothing of this kind"
        text="There are other moments on this timeline."
        action={
          <Button size="xs" onClick={() => onPart({ only: null })}>
            Show all
          </Button>
        }
      />
    );
  const traits = alike(head.people);
  const sources = new Set(moments.map((one) => one.source).filter((one) => one !== null));
  const visits = visitsOf(moments);
  const search = map ? new URLSearchParams({ map }).toString() : "";
  const who = subject.kind === "account" ? (person: string) => subjectLink({ kind: "person", id: person }, search) : null;
  return (
    <>
      {query.hasPreviousPage && <More label="Show later moments" busy={query.isFetchingPreviousPage} onMore={() => void query.fetchPreviousPage()} />}
      <ol className={classes.visits}>
        {visits.map((visit, k) => {
          const known = { ...traits, ...alikeIn(visit) };
          const marks = marksAbove(visits, k, releases);
          return (
            <Fragment key={visit.key}>
              {marks.length > 0 && (
                <li className={classes.mark}>
                  <MarkTag marks={marks} timezone={timezone} dated />
                </li>
              )}
              <li className={classes.visit} data-beside={visit.visit === null}>
                {visit.moments.length > 1 && <p className={classes.head}>{[visitWords(visit, timezone), ...visitSaid(visit, traits)].join(" · ")}</p>}
                <ol className={classes.moments}>
                  {visit.moments.map((moment) => (
                    <MomentRow key={moment.key} {...{ moment, timezone, currency, who }} traits={known} sources={sources.size > 1} />
                  ))}
                </ol>
              </li>
            </Fragment>
          );
        })}
      </ol>
      {query.hasNextPage && <More label="Show earlier moments" busy={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />}
      <p className={classes.shown}>
        {count(moments.length)} of {count(total)} moments shown{sources.size === 1 && `, all of them from ${[...sources].join("")}`}
      </p>
    </>
  );
}

function More({ label, busy, onMore }: { readonly label: string; readonly busy: boolean; readonly onMore: () => void }) {
  return (
    <div className={classes.more}>
      <Button variant="default" size="xs" loading={busy} onClick={onMore}>
        {label}
      </Button>
    </div>
  );
}

function visitWords(visit: Visit, timezone: string): string {
  const newest = visit.moments[0];
  const oldest = visit.moments.at(-1);
  if (!newest || !oldest) return "";
  const seconds = (Date.parse(newest.time) - Date.parse(oldest.time)) / 1000;
  return `Visit on ${day(oldest.time, timezone)}: ${count(visit.moments.length)} events${seconds >= 1 ? ` in ${duration(seconds)}` : ""}`;
}

function kindsOf(head: SubjectHead) {
  const many = head.kinds.map((one) => ({
    value: one.kind === "event" ? `event:${one.name}` : one.kind,
    label: `${one.name} (${count(one.moments)})`,
  }));
  return [{ value: "", label: "every kind" }, { value: "money", label: "Money" }, ...many];
}

function monthName(month: string): string {
  return new Date(`${month}-15T12:00:00Z`).toLocaleDateString(undefined, { month: "long", year: "numeric", timeZone: "UTC" });
}
