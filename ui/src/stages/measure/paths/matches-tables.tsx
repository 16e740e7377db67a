/** How many journeys hold a pattern, and how often each does, side by side for all and the parts. */

import type { Matches } from "@/api/types.ts";
import { count, duration, percent } from "@/lib/format.ts";
import { ownersOf, useWhole } from "@/stages/measure/funnel-counted.ts";
import { likelyShare } from "@/stages/measure/sentences.ts";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { Figure } from "@/ui/figure.tsx";

/** What was found in one side or part, with how its people are opened. */
export interface Holding extends Readonly<Matches["found"]> {
  readonly name: string;
  readonly open: (cell: string, title: string) => void;
}

interface SidesProps {
  readonly sides: readonly Holding[];
}

const OFTEN = ["not at all", "once", "twice", "3 times", "4 times", "5 times or more"] as const;
const CELLS = ["0", "1", "2", "3", "4", "5+"] as const;

export function Summary({ sides }: SidesProps) {
  const owners = ownersOf(useWhole());
  const columns: readonly ColumnOf<Holding>[] = [
    { name: "Of", show: (one) => one.name },
    { name: owners.name, right: true, show: (one) => <Figure meaning={{ what: `${owners.name} with a journey.`, lines: ["A click opens them."] }} onOpen={() => one.open("(all)", `${owners.name} with a journey`)}>{count(one.entities)}</Figure> },
    { name: "With the pattern", right: true, show: (one) => <Figure meaning={{ what: `${owners.name} whose journey holds it.`, lines: ["A click opens them."] }} onOpen={() => one.open("(matching)", `${owners.name} whose journey holds the pattern`)}>{count(one.matching)}</Figure> },
    { name: "Share", right: true, show: (one) => one.share !== null && <Figure meaning={{ what: "Share of all journeys.", lines: [`${likelyShare(one.interval)} (95 %).`] }}>{percent(one.share)}</Figure> },
    { name: "Matches", right: true, show: (one) => count(one.times) },
    { name: "Matches each", right: true, show: (one) => one.mean_times !== null && <Figure meaning={{ what: `Matches of one ${owners.one}, on average.`, lines: [likelyTimes(one.mean_interval)] }}>{one.mean_times.toFixed(2)}</Figure> },
    { name: "Time, middle case", right: true, show: (one) => (one.median_seconds === null ? "" : duration(one.median_seconds)) },
  ];
  return <DataTable caption="How many journeys hold the pattern" columns={columns} rows={sides} keyOf={(one) => one.name} />;
}

export function HowOften({ sides }: SidesProps) {
  const owners = ownersOf(useWhole());
  const rows = OFTEN.map((words, place) => ({ words, place }));
  const columns: readonly ColumnOf<(typeof rows)[number]>[] = [
    { name: "Held", show: (row) => row.words },
    ...sides.map((one): ColumnOf<(typeof rows)[number]> => ({
      name: one.name,
      right: true,
      show: (row) => {
        const n = one.often[row.place] ?? 0;
        const title = `${owners.name} whose journey holds the pattern ${row.words}`;
        return n > 0 && <Figure meaning={{ what: `${count(n)} of ${count(one.entities)}: ${percent(n / one.entities)}.`, lines: ["A click opens them."] }} onOpen={() => one.open(CELLS[row.place] ?? "0", title)}>{count(n)}</Figure>;
      },
    })),
  ];
  return <DataTable caption="How often each journey holds it" columns={columns} rows={rows} keyOf={(row) => row.words} />;
}

function likelyTimes(interval: readonly [number, number] | null): string {
  return interval ? `likely ${interval[0].toFixed(2)} to ${interval[1].toFixed(2)} (95 %).` : "Too few to say how sure.";
}
