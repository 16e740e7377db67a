/** Paths as tables: the states of every level with who goes on and who stops, and all moves; numbers open their people. */

import type { PathLink, PathNode } from "@/api/types.ts";
import { count, duration, percent } from "@/lib/format.ts";
import { quoted, stateCell } from "@/lib/cells.ts";
import { many, ownersOf, useWhole } from "@/stages/measure/funnel-counted.ts";
import { placeOf, stopTitle } from "@/stages/measure/paths/stream.ts";
import { likelyShare } from "@/stages/measure/sentences.ts";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { Figure } from "@/ui/figure.tsx";
import answer from "@/stages/measure/answer.module.css";
import classes from "./ways.module.css";

const ROWS = 300;

/** The paths of all, or of one part of a breakdown or of a comparison. */
export interface Lane {
  readonly name: string;
  readonly walks: number;
  readonly nodes: readonly PathNode[];
  readonly links: readonly PathLink[];
  readonly open: (cell: string, title: string) => void;
}

interface TableProps {
  readonly lane: Lane;
  readonly every: boolean;
  readonly openOthers: ((level: number) => void) | null;
}

export function StatesTable({ lane, every, openOthers }: TableProps) {
  const counted = useWhole();
  const owners = ownersOf(counted);
  const cell = (node: PathNode) => stateCell(node.level, node.state, node.joins);
  const name = (node: PathNode) => (node.joins == null ? node.state : `${count(node.joins)} others`);
  const shown = (at: string, title: string, number: number, what: string, lines: readonly string[]) => (
    <Figure meaning={{ what, lines: [...lines, `A click opens the ${owners.many}.`] }} onOpen={() => lane.open(at, title)}>
      {count(number)}
    </Figure>
  );
  const stop = (node: PathNode, kinds: readonly string[]) => {
    const found = node.stops.find((one) => kinds.includes(one.kind));
    if (!found) return "";
    const lines = [`${percent(found.share)} of those here, ${likelyShare(found.interval)}.`];
    return shown(`${cell(node)} > (${found.kind})`, stopTitle(found.kind, name(node), owners.who), found.count, `${stopTitle(found.kind, name(node), "They")}.`, lines);
  };
  const columns: readonly ColumnOf<PathNode>[] = [
    { name: "Where", show: (node) => <span className={classes.row}>{placeOf(node.level)}</span> },
    {
      name: "Step",
      show: (node) =>
        node.joins != null && openOthers ? (
          <button type="button" className={answer.link} onClick={() => openOthers(node.level)}>
            {name(node)}: show them
          </button>
        ) : (
          name(node)
        ),
    },
    { name: every ? "Times" : owners.name, right: true, show: (node) => shown(cell(node), `${owners.name} at ${name(node)}, ${placeOf(node.level)}`, node.count, `At ${name(node)}, ${placeOf(node.level)}.`, node.entities == null ? [] : [`By ${many(node.entities, counted)}.`]) },
    { name: "Of all", right: true, show: (node) => <Figure meaning={{ what: "Share of all who begin.", lines: [`${likelyShare(node.interval)} (95 %).`] }}>{percent(node.share)}</Figure> },
    { name: "Stop here", right: true, show: (node) => stop(node, ["ended", "began"]) },
    { name: "Too late", right: true, show: (node) => stop(node, ["late"]) },
    { name: "Arrive", right: true, show: (node) => stop(node, ["arrived"]) },
    { name: "Go on beyond", right: true, show: (node) => stop(node, ["cut"]) },
  ];
  const used = columns.filter(({ name: head }) => {
    const kinds = { "Too late": "late", Arrive: "arrived" }[head];
    return kinds === undefined || lane.nodes.some((node) => node.stops.some((one) => one.kind === kinds));
  });
  return <DataTable caption={`${lane.name ? `${lane.name}: ` : ""}Where they are, step by step`} columns={used} rows={lane.nodes} keyOf={cell} />;
}

export function MovesTable({ lane, every }: Omit<TableProps, "openOthers">) {
  const owners = ownersOf(useWhole());
  const rows = [...lane.links].sort((a, b) => b.count - a.count || a.level - b.level);
  const name = (state: string, joins: number | null | undefined) => (joins == null ? state : `${count(joins)} others`);
  const cell = (link: PathLink) => `${link.level} ${link.from_joins == null ? quoted(link.from) : "(other)"} > ${link.to_joins == null ? quoted(link.to) : "(other)"}`;
  const timed = rows.some((link) => link.median_seconds != null);
  const columns: readonly ColumnOf<PathLink>[] = [
    { name: "Where", sort: (link) => link.level, show: (link) => <span className={classes.row}>{placeOf(link.level + 1)}</span> },
    { name: "From", sort: (link) => link.from, show: (link) => name(link.from, link.from_joins) },
    { name: "To", sort: (link) => link.to, show: (link) => name(link.to, link.to_joins) },
    {
      name: every ? "Times" : owners.name,
      right: true,
      sort: (link) => link.count,
      show: (link) => (
        <Figure meaning={{ what: "Went straight from one to the other.", lines: [`A click opens the ${owners.many}.`] }} onOpen={() => lane.open(cell(link), `${owners.who} went from ${link.from} to ${link.to}, ${placeOf(link.level + 1)}`)}>
          {count(link.count)}
        </Figure>
      ),
    },
    { name: "Share", right: true, sort: (link) => link.share, show: (link) => <Figure meaning={{ what: "Of those at the step nearer to where the paths begin.", lines: [`${likelyShare(link.interval)} (95 %).`] }}>{percent(link.share)}</Figure> },
    ...(timed ? [{ name: "Time, middle case", right: true, sort: (link: PathLink) => link.median_seconds ?? null, show: (link: PathLink) => (link.median_seconds == null ? "" : duration(link.median_seconds)) }] : []),
  ];
  const hidden = rows.length - ROWS;
  return <DataTable caption={`${lane.name ? `${lane.name}: ` : ""}${count(rows.length)} moves${hidden > 0 ? `; the ${count(hidden)} smallest are in the CSV` : ""}`} columns={columns} rows={rows.slice(0, ROWS)} keyOf={cell} />;
}
