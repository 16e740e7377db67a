/** The same content as the picture, as two tables: steps and moves. */

import type { ReactNode } from "react";
import type { DrawnArrow, StepFigures } from "@/api/types.ts";
import { namesOf } from "@/charts/download.ts";
import { aboutMoney, count, duration, money, percent } from "@/lib/format.ts";
import { useAtlas } from "@/stages/atlas/atlas-context.ts";
import { arrowId } from "@/stages/atlas/map-input.ts";
import { markOf } from "@/stages/atlas/marks.ts";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import classes from "./map-table.module.css";

const WORDS = { forward: "forward", loop: "loop", return: "return" } as const;

function range(interval: readonly [number, number] | null, currency: string): string {
  return interval ? `${money(interval[0], currency)} to ${money(interval[1], currency)}` : "";
}

function known(value: number | null, why: string | null, text: (value: number) => string): ReactNode {
  if (value !== null) return text(value);
  return <span className={classes.unknown}>not known{why ? `: ${why}` : ""}</span>;
}

export function MapTable() {
  return (
    <div className={classes.tables}>
      <Steps />
      <Moves />
    </div>
  );
}

function Steps() {
  const { picture, openStep, openPeople } = useAtlas();
  const { price, document } = picture;
  const order = picture.columns.flatMap(([, steps]) => steps);
  const rows = order.flatMap((id) => price.steps.find((step) => step.id === id) ?? []);
  const cash = (value: number) => money(value, price.currency);
  const find = (id: string) => document.steps.find((step) => step.id === id);
  const mark = (row: StepFigures) => {
    const step = find(row.id);
    const { shape, word } = step ? markOf(step, row, picture) : { shape: "", word: "" };
    return `${shape} ${word}`;
  };
  const columns: readonly ColumnOf<StepFigures>[] = [
    { name: "Step", sort: (row) => find(row.id)?.name ?? row.id, show: (row) => <Press onClick={() => openStep(row.id)}>{find(row.id)?.name ?? row.id}</Press> },
    { name: "Stage", show: (row) => find(row.id)?.stage ?? "" },
    { name: "People a month", right: true, sort: (row) => row.people_per_month, show: (row) => <Press onClick={() => openPeople({ kind: "step", step: row.id })}>{count(row.people_per_month)}</Press> },
    { name: "Share", right: true, sort: (row) => row.share, show: (row) => percent(row.share) },
    { name: "Band", show: mark },
    { name: "Again", right: true, sort: (row) => row.again_share, show: (row) => percent(row.again_share) },
    { name: "Leave a month", right: true, sort: (row) => row.leave_per_month, show: (row) => <Press onClick={() => openPeople({ kind: "arrow", from: row.id, to: "exit" })}>{count(row.leave_per_month)}</Press> },
    { name: "Middle time", right: true, sort: (row) => row.median_seconds, show: (row) => (row.median_seconds === null ? "" : duration(row.median_seconds)) },
    { name: "Worth a person", right: true, sort: (row) => row.worth_per_person, show: (row) => known(row.worth_per_person, row.why, cash) },
    { name: "Likely", right: true, show: (row) => range(row.worth_interval, price.currency) },
    { name: "Could be won back", right: true, sort: (row) => row.mendable_per_month, show: (row) => (row.mendable_per_month === null ? "" : aboutMoney(row.mendable_per_month, price.currency)) },
    { name: "Lost a month", right: true, sort: (row) => row.lost_per_month, show: (row) => (row.lost_per_month === null ? "" : aboutMoney(row.lost_per_month, price.currency)) },
  ];
  return <DataTable caption={`Steps (${rows.length}). Shares are of ${count(price.entrants_per_month)} who come in a month.`} columns={columns} rows={rows} keyOf={(row) => row.id} />;
}

function Moves() {
  const { picture, openArrow, openPeople } = useAtlas();
  const { price, document } = picture;
  const name = namesOf(document);
  const cash = (value: number) => money(value, price.currency);
  const columns: readonly ColumnOf<DrawnArrow>[] = [
    { name: "From", sort: ({ arrow }) => name(arrow.from), show: ({ arrow }) => <Press onClick={() => openArrow(arrow)}>{name(arrow.from)}</Press> },
    { name: "To", sort: ({ arrow }) => name(arrow.to), show: ({ arrow }) => name(arrow.to) },
    { name: "Kind", sort: kindOf, show: kindOf },
    { name: "People a month", right: true, sort: ({ arrow }) => arrow.people_per_month, show: ({ arrow }) => <Press onClick={() => openPeople({ kind: "arrow", from: arrow.from, to: arrow.to })}>{count(arrow.people_per_month)}</Press> },
    { name: "Share", right: true, sort: ({ arrow }) => arrow.share, show: ({ arrow }) => (arrow.share === null ? "" : percent(arrow.share)) },
    { name: "Middle time", right: true, sort: ({ arrow }) => arrow.median_seconds, show: ({ arrow }) => (arrow.median_seconds === null ? "" : duration(arrow.median_seconds)) },
    { name: "One point, a month", right: true, sort: ({ arrow }) => arrow.per_month, show: ({ arrow }) => known(arrow.per_month, arrow.why, cash) },
    { name: "Likely", right: true, show: ({ arrow }) => range(arrow.per_month_interval, price.currency) },
    { name: "Drawn", show: ({ shown }) => (shown ? "yes" : "smaller, hidden") },
  ];
  return <DataTable caption={`Moves (${picture.arrows.length})`} columns={columns} rows={picture.arrows} keyOf={({ arrow }) => arrowId(arrow)} />;
}

function kindOf({ arrow, kind }: DrawnArrow): string {
  return arrow.to === "exit" ? "leaves" : WORDS[kind];
}

function Press({ onClick, children }: { readonly onClick: () => void; readonly children: ReactNode }) {
  return (
    <button type="button" className={classes.press} onClick={onClick}>
      {children}
    </button>
  );
}
