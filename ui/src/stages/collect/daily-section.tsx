/** What sources say that tell no people: numbers by the day, with the days that they cover and those that are missing. */

import { useDaily } from "@/api/collect-queries.ts";
import type { DailyRow } from "@/api/types.ts";
import { count, day, money } from "@/lib/format.ts";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { Section } from "@/stages/settings/section.tsx";
import { DataTable } from "@/ui/data-table.tsx";
import { LoadingState } from "@/ui/states.tsx";
import { SeesCell } from "./blind-spot.tsx";
import classes from "./collect.module.css";

export function DailySection() {
  const daily = useDaily();
  return (
    <Section title="Numbers by the day" about="Ad spend, searches, keywords and other numbers that tell no people. They come in as files do, and undoing an import takes them back.">
      {daily.isPending && <LoadingState what="Counting the days" />}
      {daily.isError && <Failed error={daily.error} retry={() => void daily.refetch()} />}
      {daily.data?.length === 0 && <p className={classes.line}>None so far. Import a spend report or an export of a search console.</p>}
      {daily.data && daily.data.length > 0 && (
        <DataTable<DailyRow>
          caption={`${count(daily.data.length)} ${daily.data.length === 1 ? "measure" : "measures"}`}
          rows={daily.data}
          keyOf={(row) => [row.source, row.measure, row.currency, ...row.dimensions].join(" ")}
          columns={[
            { name: "Source", sort: (row) => row.source, show: (row) => row.source },
            { name: "Measure", sort: (row) => row.measure, show: (row) => row.measure },
            { name: "By", show: (row) => row.dimensions.join(", ") },
            { name: "Days", right: true, sort: (row) => row.days, show: (row) => count(row.days) },
            { name: "From", sort: (row) => row.first, show: (row) => day(row.first, "UTC") },
            { name: "To", sort: (row) => row.last, show: (row) => day(row.last, "UTC") },
            { name: "Missing days", right: true, sort: (row) => row.gaps, show: (row) => (row.gaps ? count(row.gaps) : "none") },
            { name: "Sum", right: true, sort: (row) => row.sum ?? 0, show: sumOf },
            { name: "Shows of all that happens", show: (row) => <SeesCell source={row.source} sees={row.sees} brief /> },
          ]}
        />
      )}
    </Section>
  );
}

/** Shares and ranks do not add up: of those the smallest and the greatest are shown. */
function sumOf({ sum, least, most, currency }: DailyRow): string {
  if (sum === null) return `${short(least)} to ${short(most)}`;
  return currency ? money(sum, currency) : short(sum);
}

function short(value: number): string {
  return Number.isInteger(value) ? count(value) : value.toLocaleString(undefined, { maximumFractionDigits: 3 });
}
