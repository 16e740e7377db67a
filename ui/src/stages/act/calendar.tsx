/** Every message by day and program: what left, what was kept back, what is still to come; marks stand on their day. */

import { Button } from "@mantine/core";
import { Link } from "wouter";
import { useCalendar } from "@/api/act-queries.ts";
import { useReleases } from "@/api/collect-queries.ts";
import { useWorkspace } from "@/api/queries.ts";
import type { CalendarDay } from "@/api/types.ts";
import { Asking } from "@/app/asking.tsx";
import { MarkList, MarkTag } from "@/charts/release-marks.tsx";
import { count } from "@/lib/format.ts";
import { marksBetween } from "@/lib/marks.ts";
import { beginOf, endOf } from "@/lib/periods.ts";
import { DataTable } from "@/ui/data-table.tsx";
import { EmptyState } from "@/ui/states.tsx";
import classes from "./act.module.css";

export function Calendar() {
  const calendar = useCalendar();
  return (
    <Asking query={calendar} what="Reading the calendar">
      {(days) =>
        days.length === 0 ? (
          <EmptyState title="Nothing was sent, and nothing is planned" text="A running program fills this calendar: the four weeks before today, and what waits for its time." action={<Button component={Link} href="/act">See the programs</Button>} />
        ) : (
          <Days days={days} />
        )
      }
    </Asking>
  );
}

function Days({ days }: { readonly days: readonly CalendarDay[] }) {
  const releases = useReleases().data ?? [];
  const timezone = useWorkspace().data?.timezone ?? "UTC";
  const marksOf = (first: string, last = first) => marksBetween(releases, beginOf(first, timezone), endOf(beginOf(last, timezone), "day", timezone));
  const [first, last] = [days.map(({ day }) => day).sort()[0] ?? "", days.map(({ day }) => day).sort().at(-1) ?? ""];
  return (
    <section className={classes.section}>
      <h1 className={classes.title}>Calendar of every message</h1>
      <DataTable
        caption="The last four weeks, and what is still to come"
        rows={days}
        keyOf={(row) => `${row.day} ${row.program}`}
        columns={[
          {
            name: "Day",
            sort: (row) => row.day,
            show: (row) => (
              <>
                {weekday(row.day)}
                <MarkTag marks={marksOf(row.day)} timezone={timezone} />
              </>
            ),
          },
          { name: "Program", sort: (row) => row.program_name, show: (row) => row.program_name },
          { name: "Sent", right: true, sort: (row) => row.sent, show: (row) => count(row.sent) },
          { name: "Nothing sent", right: true, sort: (row) => row.nothing, show: (row) => count(row.nothing) },
          { name: "Still to be decided", right: true, sort: (row) => row.planned, show: (row) => count(row.planned) },
        ]}
      />
      <MarkList marks={marksOf(first, last)} timezone={timezone} />
    </section>
  );
}

function weekday(day: string): string {
  return new Date(`${day}T12:00:00Z`).toLocaleDateString(undefined, { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}
