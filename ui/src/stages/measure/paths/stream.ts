/** Columns of states with moves between neighbouring ones, as paths and what lies around a step are drawn. */

import type { PathLink, PathNode, StepSankey } from "@/api/types.ts";
import { count, duration, percent } from "@/lib/format.ts";
import { quoted, stateCell } from "@/lib/cells.ts";
import { type Counted, ownersOf, PEOPLE } from "@/stages/measure/funnel-counted.ts";

export interface Box {
  readonly id: string;
  readonly column: number;
  readonly name: string;
  readonly size: number;
  readonly tip: string;
  /** Quiet: no state, but that walks have ended, not begun, or stand together as others. */
  readonly quiet: boolean;
  /** The cell whose people a click opens, with the title of their list; null where there is none. */
  readonly cell: string | null;
  readonly title: string;
  /** The level whose others a click shows one by one. */
  readonly opens: number | null;
}

export interface Band {
  readonly from: string;
  readonly to: string;
  readonly size: number;
  readonly tip: string;
  readonly quiet: boolean;
  readonly cell: string;
  readonly title: string;
}

export interface Stream {
  readonly columns: number;
  readonly boxes: readonly Box[];
  readonly bands: readonly Band[];
}

interface Drawn {
  readonly direction: "forward" | "backward";
  readonly walks: number;
  readonly nodes: readonly PathNode[];
  readonly links: readonly PathLink[];
}

const STOPS = { ended: "ends here", began: "begins here", late: "goes on too late" } as const;

/** Paths with those who stop as boxes of their own. */
export function streamOf({ direction, walks, nodes, links }: Drawn, counted: Counted = PEOPLE): Stream {
  const owners = ownersOf(counted);
  const back = direction === "backward";
  const levels = nodes.map((node) => node.level);
  const first = Math.min(...levels, 0);
  const named = (one: { readonly state: string; readonly joins?: number | null }) => (one.joins == null ? one.state : `${count(one.joins)} others`);
  const boxes = nodes.map(
    (node): Box => ({
      id: stateCell(node.level, node.state, node.joins),
      column: node.level - first,
      name: named(node),
      size: node.count,
      tip: `${named(node)}: ${count(node.count)}, ${percent(node.count / walks)} of all`,
      quiet: node.joins != null,
      cell: stateCell(node.level, node.state, node.joins),
      title: `${owners.name} at ${named(node)}, ${placeOf(node.level)}`,
      opens: node.joins == null ? null : node.level,
    }),
  );
  const moves = links.map(
    (link): Band => ({
      from: stateCell(link.level, link.from, link.from_joins),
      to: stateCell(link.level + 1, link.to, link.to_joins),
      size: link.count,
      tip: `${link.from} → ${link.to}\n${count(link.count)}, ${percent(link.share)} of those at ${back ? link.to : link.from}${link.median_seconds == null ? "" : `\n${duration(link.median_seconds)} in the middle case`}`,
      quiet: link.from_joins != null || link.to_joins != null,
      cell: `${link.level} ${link.from_joins == null ? quoted(link.from) : "(other)"} > ${link.to_joins == null ? quoted(link.to) : "(other)"}`,
      title: `${owners.who} went from ${link.from} to ${link.to}, ${placeOf(link.level + 1)}`,
    }),
  );
  return { columns: Math.max(...levels, 0) - first + 1, ...withStops({ boxes, moves, nodes, first, columns: Math.max(...levels, 0) - first + 1, back, who: owners.who }) };
}

interface Stops {
  readonly boxes: readonly Box[];
  readonly moves: readonly Band[];
  readonly nodes: readonly PathNode[];
  readonly first: number;
  readonly columns: number;
  readonly back: boolean;
  /** "People who". */
  readonly who: string;
}

/** Add a box a column for each reason to stop; what lies beyond the last column is in the table. */
function withStops({ boxes, moves, nodes, first, columns, back, who }: Stops): { readonly boxes: readonly Box[]; readonly bands: readonly Band[] } {
  const ends = new Map<string, Box>();
  const bands = [...moves];
  for (const node of nodes)
    for (const stop of node.stops) {
      if (stop.kind === "cut" || stop.kind === "arrived") continue;
      const column = node.level - first + (back ? -1 : 1);
      if (column < 0 || column >= columns) continue;
      const id = `${column} (${stop.kind})`;
      const size = (ends.get(id)?.size ?? 0) + stop.count;
      ends.set(id, { id, column, name: STOPS[stop.kind], size, tip: `${STOPS[stop.kind]}: ${count(size)}`, quiet: true, cell: null, title: "", opens: null });
      const own = stateCell(node.level, node.state, node.joins);
      const tip = `${node.state}: ${STOPS[stop.kind]}\n${count(stop.count)}, ${percent(stop.share)} of those at ${node.state}`;
      const said = { size: stop.count, tip, quiet: true, cell: `${own} > (${stop.kind})`, title: stopTitle(stop.kind, node.state, who) };
      bands.push(back ? { from: id, to: own, ...said } : { from: own, to: id, ...said });
    }
  return { boxes: [...boxes, ...ends.values()], bands };
}

/** Of whom a list is that stop at a state; `who` begins it: "People who". */
export function stopTitle(kind: string, state: string, who: string): string {
  if (kind === "began") return `${who} begin at ${state}`;
  if (kind === "late") return `${who} go on from ${state} too late`;
  if (kind === "cut") return `${who} go on after ${state}`;
  return kind === "arrived" ? `${who} arrive at ${state}` : `${who} stop at ${state}`;
}

/** A level in words. */
export function placeOf(level: number): string {
  if (level === 0) return "where it begins";
  const steps = `${Math.abs(level)} ${Math.abs(level) === 1 ? "step" : "steps"}`;
  return `${steps} ${level > 0 ? "on" : "before"}`;
}

/** What lies around a step: every column holds all walks. */
export function aroundStream({ positions, walks, nodes, links }: StepSankey, counted: Counted = PEOPLE): Stream {
  const owners = ownersOf(counted);
  const first = positions[0] ?? 0;
  const word = (state: string, kind: string) => (kind === "state" ? quoted(state) : `(${kind})`);
  const boxes = nodes.map(
    (node): Box => ({
      id: `${node.position} ${word(node.state, node.kind)}`,
      column: node.position - first,
      name: node.joins == null ? node.state : `${count(node.joins)} others`,
      size: node.count,
      tip: `${node.state}: ${count(node.count)}, ${percent(node.count / walks)} of all`,
      quiet: node.kind !== "state",
      cell: `${node.position} ${word(node.state, node.kind)}`,
      title: `${owners.name} at ${node.state}, ${placeOf(node.position)}`,
      opens: null,
    }),
  );
  const bands = links.map((link): Band => {
    const ends = [word(link.from, link.from_kind), word(link.to, link.to_kind)] as const;
    return {
      from: `${link.position} ${ends[0]}`,
      to: `${link.position + 1} ${ends[1]}`,
      size: link.count,
      tip: `${link.from} → ${link.to}\n${count(link.count)}, ${percent(link.share)} of those at ${link.from}`,
      quiet: link.from_kind !== "state" || link.to_kind !== "state",
      cell: `${link.position} ${ends[0]} > ${ends[1]}`,
      title: `${owners.who} went from ${link.from} to ${link.to}, ${placeOf(link.position + 1)}`,
    };
  });
  return { columns: positions.length, boxes, bands };
}
