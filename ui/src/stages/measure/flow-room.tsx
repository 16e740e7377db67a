/** Flow: where people go next, the largest moves as a picture, all of them as a table. */

import { lazy, Suspense } from "react";
import { useAddress } from "@/api/address.ts";
import { useExplore } from "@/api/explore.ts";
import { useAnswer } from "@/api/measure-queries.ts";
import type { PeopleOf } from "@/api/people-of.ts";
import type { Edge, Transitions } from "@/api/types.ts";
import { moveCell } from "@/lib/cells.ts";
import { toCsv } from "@/lib/csv.ts";
import { count, duration, percent } from "@/lib/format.ts";
import { DRAWN } from "@/stages/measure/flow-chart.ts";
import { cellOf, type Ground } from "@/stages/measure/number-of.ts";
import { Room } from "@/stages/measure/room.tsx";
import { commonest, flowSentence } from "@/stages/measure/sentences.ts";
import { stateOf } from "@/stages/measure/state-of.tsx";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { Figure } from "@/ui/figure.tsx";
import { EmptyState, LoadingState } from "@/ui/states.tsx";
import classes from "./answer.module.css";

const Picture = lazy(() => import("@/stages/measure/flow-picture.tsx").then((found) => ({ default: found.FlowPicture })));
const ROWS = 300;

export function FlowRoom() {
  const { asked, selection } = useExplore();
  const { look, see } = useAddress();
  const query = useAnswer<Transitions>({ question: "flow", asked, selection });
  const builder = <p className={classes.note}>Every event and the one right after it, of the same person. Filters above keep fewer people or fewer events; the neighbours are then the events that are kept.</p>;
  const shared = { question: "flow" as const, builder };
  const state = stateOf(query, "Counting moves");
  if (state || !query.data) return <Room {...shared} headline="" body={state} />;
  const edges = commonest(query.data.edges);
  if (edges.length === 0) return <Room {...shared} headline={flowSentence(query.data)} body={<EmptyState title="No moves" text="Widen the period or take a filter away." />} />;
  const ground: Ground = { question: "flow", asked, selection };
  const open = (edge: Edge) => see({ people: peopleOf(ground, edge) });
  const drawn = edges.slice(0, DRAWN);
  return (
    <Room
      {...shared}
      headline={flowSentence(query.data)}
      stale={query.isPlaceholderData}
      csv={() => csvOf(edges)}
      drawing={async () => (await import("@/stages/measure/flow-picture.tsx")).flowDrawing(drawn)}
      body={
        look.view === "table" ? (
          <FlowTable edges={edges} open={open} />
        ) : (
          <Suspense fallback={<LoadingState what="Drawing" />}>
            <Picture edges={drawn} rest={edges.slice(DRAWN)} open={open} />
            <FlowTable edges={edges} open={open} />
          </Suspense>
        )
      }
    />
  );
}

function peopleOf(ground: Ground, edge: Edge): PeopleOf {
  return cellOf(ground, moveCell(edge.from, edge.to), edge.from === edge.to ? `People who came to ${edge.from} again` : `People who went from ${edge.from} to ${edge.to}`);
}

/** All moves; the picture shows the largest of them. */
function FlowTable({ edges, open }: { readonly edges: readonly Edge[]; readonly open: (edge: Edge) => void }) {
  const leaving = new Map<string, number>();
  for (const edge of edges) leaving.set(edge.from, (leaving.get(edge.from) ?? 0) + edge.count);
  const columns: readonly ColumnOf<Edge>[] = [
    { name: "From", sort: (edge) => edge.from, show: (edge) => edge.from },
    { name: "To", sort: (edge) => edge.to, show: (edge) => (edge.from === edge.to ? <span className={classes.words}>again</span> : edge.to) },
    { name: "Times", right: true, sort: (edge) => edge.count, show: (edge) => count(edge.count) },
    { name: "Of all moves from there", right: true, sort: (edge) => edge.count / (leaving.get(edge.from) ?? 1), show: (edge) => percent(edge.count / (leaving.get(edge.from) ?? 1)) },
    {
      name: "People",
      right: true,
      sort: (edge) => edge.entities ?? 0,
      show: (edge) => (
        <Figure meaning={{ what: "People who made this move at least once.", lines: ["A click opens them."] }} onOpen={() => open(edge)}>
          {count(edge.entities ?? 0)}
        </Figure>
      ),
    },
    {
      name: "Time, average",
      right: true,
      sort: (edge) => edge.mean_seconds,
      show: (edge) => (
        <Figure meaning={{ what: "Time between the two events, on average.", lines: [edge.mean_interval ? `Likely ${duration(edge.mean_interval[0])} to ${duration(edge.mean_interval[1])} (95 %, jackknife over groups of people).` : (edge.why ?? "")] }}>
          {duration(edge.mean_seconds)}
        </Figure>
      ),
    },
  ];
  const hidden = edges.length - ROWS;
  return <DataTable caption={`${count(edges.length)} moves${hidden > 0 ? `; the ${count(hidden)} smallest are in the CSV` : ""}`} columns={columns} rows={edges.slice(0, ROWS)} keyOf={(edge) => `${edge.from} ${edge.to}`} />;
}

function csvOf(edges: readonly Edge[]): string {
  return toCsv(
    ["from", "to", "count", "people", "mean_seconds", "low", "high"],
    edges.map((edge) => [edge.from, edge.to, edge.count, edge.entities ?? null, edge.mean_seconds, edge.mean_interval?.[0] ?? null, edge.mean_interval?.[1] ?? null]),
  );
}
