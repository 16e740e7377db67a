/** Moves as bands of the picture, and as lines of the file. */

import type { Edge, EdgeDiff, TransitionsDiff } from "@/api/types.ts";
import { toCsv } from "@/lib/csv.ts";
import { count, percent } from "@/lib/format.ts";
import type { Band } from "@/stages/measure/flow-chart.ts";

const arrow = (edge: { readonly from: string; readonly to: string }) => `${edge.from} ${edge.from === edge.to ? "again" : `→ ${edge.to}`}`;

/** Moves of one selection. */
export function plainBands(edges: readonly Edge[], who: string): readonly Band[] {
  return edges.map((edge) => ({ from: edge.from, to: edge.to, value: edge.count, tone: "plain", label: "", tip: `${arrow(edge)}\n${count(edge.count)} times, ${count(edge.entities ?? 0)} ${who.toLowerCase()}` }));
}

/** Whether B can be said to go this way more or less often than A. */
export function toneOf({ share }: EdgeDiff, rate: number): Band["tone"] {
  if (share.interval === null || share.q == null || share.q > rate) return "plain";
  return share.interval[0] > 0 ? "more" : share.interval[1] < 0 ? "less" : "plain";
}

/** Moves of two selections, as thick as both together. */
export function differentBands(edges: readonly EdgeDiff[], { rate }: TransitionsDiff): readonly Band[] {
  return edges.map((edge): Band => {
    const tone = toneOf(edge, rate);
    const points = Math.round((edge.share.difference ?? 0) * 100);
    const shares = [edge.share.a, edge.share.b].map((one) => (one === null ? "nobody" : percent(one)));
    const label = tone === "plain" ? "" : `${tone === "more" ? "▲" : "▼"} ${Math.abs(points)}`;
    return { from: edge.from, to: edge.to, value: edge.count_a + edge.count_b, tone, label, tip: `${arrow(edge)}\nA ${shares[0]}, B ${shares[1]} of all moves from there\n${edge.share.words}` };
  });
}

/** Moves compared: those both sides make most often first. */
export function largest(edges: readonly EdgeDiff[]): readonly EdgeDiff[] {
  return [...edges].sort((a, b) => b.count_a + b.count_b - a.count_a - a.count_b || a.from.localeCompare(b.from) || a.to.localeCompare(b.to));
}

/** Moves compared: the clearest differences first. */
export function clearest(edges: readonly EdgeDiff[]): readonly EdgeDiff[] {
  const rank = ({ share }: EdgeDiff) => share.q ?? 2;
  return [...edges].sort((a, b) => rank(a) - rank(b) || Math.abs(b.share.difference ?? 0) - Math.abs(a.share.difference ?? 0) || a.from.localeCompare(b.from) || a.to.localeCompare(b.to));
}

export function flowCsv(edges: readonly Edge[]): string {
  return toCsv(
    ["from", "to", "count", "people", "mean_seconds", "low", "high", "money", "money_low", "money_high"],
    edges.map((edge) => [edge.from, edge.to, edge.count, edge.entities ?? null, edge.mean_seconds, edge.mean_interval?.[0] ?? null, edge.mean_interval?.[1] ?? null, edge.money ?? null, edge.money_interval?.[0] ?? null, edge.money_interval?.[1] ?? null]),
  );
}

export function flowDiffCsv(edges: readonly EdgeDiff[]): string {
  return toCsv(
    ["from", "to", "count_a", "count_b", "share_a", "share_b", "low", "high", "q", "words", "seconds_a", "seconds_b", "seconds_low", "seconds_high", "seconds_q", "seconds_words"],
    edges.map(({ from, to, count_a, count_b, share, seconds }) => [
      from, to, count_a, count_b, share.a, share.b, share.interval?.[0] ?? null, share.interval?.[1] ?? null, share.q ?? null, share.words,
      seconds.a, seconds.b, seconds.interval?.[0] ?? null, seconds.interval?.[1] ?? null, seconds.q ?? null, seconds.words,
    ]),
  );
}
