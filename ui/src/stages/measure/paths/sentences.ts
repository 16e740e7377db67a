/** What answers about ways say: the finding, the number, the doubt. */

import type { Asked } from "@/api/explore.ts";
import type { Difference, Matches, MatchesDiff, Paths, PathsDiff, Rework, ReworkDiff, StepMatrix, StepMatrixDiff, Variants, VariantsDiff } from "@/api/types.ts";
import { count, duration, percent } from "@/lib/format.ts";
import { clearest, type Differing } from "@/stages/measure/paths/differences-table.tsx";
import { placeOf } from "@/stages/measure/paths/stream.ts";
import { type Counted, many, onBoth, ownersOf, PEOPLE } from "@/stages/measure/funnel-counted.ts";
import { nameOf } from "@/stages/measure/step-words.ts";
import { likelyShare } from "@/stages/measure/sentences.ts";

export function pathsSentence(answer: Paths, asked: Asked, counted: Counted = PEOPLE): string {
  const back = answer.direction === "backward";
  const where = asked.anchor === null ? (back ? "the end of their journey" : "the start of their journey") : nameOf(asked.anchor);
  const goal = asked.until === null ? null : nameOf(asked.until);
  if (answer.walks === 0) return `${ownersOf(counted).nobody} in this selection ${goal ? `gets from ${where} to ${goal}` : `comes to ${where}`}.`;
  const first = answer.nodes.filter((node) => node.level === 0);
  const [begin, next] = [commonest(first), commonest(answer.nodes.filter((node) => node.level === (back ? -1 : 1)))];
  const edge = asked.anchor === null && goal === null;
  const who = edge
    ? `${many(answer.anchored, counted)} ${back ? "stop" : "begin"}${begin ? `, most often with ${begin.state}: ${percent(begin.share)}` : ""}.`
    : goal
      ? `${many(answer.anchored, counted)} get from ${where} to ${goal}.`
      : `${many(answer.anchored, counted)} come to ${where}.`;
  const top = next ? ` ${back ? "Right before that they are" : "Next they are"} most often at ${next.state}: ${percent(next.share)} (${likelyShare(next.interval)}).` : "";
  const ended = first.flatMap((node) => node.stops).filter((stop) => stop.kind === "ended" || stop.kind === "began");
  const stop = ended.reduce((sum, one) => sum + one.count, 0);
  const straight = answer.nodes.filter((node) => node.level === 1).flatMap((node) => node.stops).filter((one) => one.kind === "arrived");
  const direct = goal ? ` ${percent(straight.reduce((sum, one) => sum + one.count, 0) / answer.walks)} go straight there.` : "";
  return who + direct + top + (stop > 0 ? ` ${percent(stop / answer.walks)} ${back ? "have nothing before it" : "stop right there"}.` : "");
}

/** The commonest state by name, others together aside. */
function commonest(nodes: Paths["nodes"]): Paths["nodes"][number] | undefined {
  return nodes.filter((node) => node.joins == null).sort((a, b) => b.count - a.count)[0];
}

function differing(rows: readonly Differing[], alike: string): string {
  const [top] = clearest(rows);
  if (!top) return alike;
  const told = (top.share.interval?.[0] ?? 0) > 0 || (top.share.interval?.[1] ?? 0) < 0;
  return told ? `Most clearly they differ at ${top.what}${top.first && `, ${top.first}`}: ${sides(top.share)}. ${top.share.words}` : alike;
}

function sides({ a, b }: Difference): string {
  return `${a === null ? "nobody" : percent(a)} of A and ${b === null ? "nobody" : percent(b)} of B`;
}

export function pathsDiffSentence({ nodes, shared }: PathsDiff, counted: Counted = PEOPLE): string {
  const rows = nodes.filter((one) => one.level !== 0).map((one): Differing => ({ key: "", first: placeOf(one.level), what: one.joins == null ? one.state : "the others", share: one.share }));
  return differing(rows, "The ways of A and B cannot be told apart at any step.") + onBoth(shared, counted);
}

export function aroundSentence(answer: StepMatrix, anchor: string, counted: Counted = PEOPLE): string {
  if (answer.walks === 0) return `${ownersOf(counted).nobody} in this selection comes to ${anchor}.`;
  const at = (position: number) => {
    const column = answer.positions.indexOf(position);
    const rows = answer.rows.filter((row) => row.kind === "state" && (row.counts[column] ?? 0) > 0).sort((a, b) => (b.counts[column] ?? 0) - (a.counts[column] ?? 0));
    return rows[0] ? `${rows[0].state} (${percent(rows[0].shares[column] ?? 0)})` : null;
  };
  const [before, after] = [at(-1), at(1)];
  const ended = answer.rows.find((row) => row.kind === "ended")?.shares[answer.positions.indexOf(1)] ?? 0;
  const said = [before && `right before it is most often ${before}`, after && `right after it ${after}`].filter(Boolean).join(", ");
  return `${many(answer.anchored, counted)} come to ${anchor}${said ? `: ${said}` : ""}. For ${percent(ended)} nothing follows.`;
}

export function aroundDiffSentence({ rows, a, shared }: StepMatrixDiff, counted: Counted = PEOPLE): string {
  const every = rows.flatMap((row) => row.shares.map((share, k): Differing => ({ key: "", first: placeOf(a.positions[k] ?? 0), what: row.state, share })));
  return differing(every, "What lies around it cannot be told apart between A and B.") + onBoth(shared, counted);
}

export function variantsSentence(answer: Variants, counted: Counted = PEOPLE): string {
  if (answer.entities === 0) return `${ownersOf(counted).nobody} in this selection has a journey.`;
  const [top] = answer.shown;
  const kinds = answer.variants === 1 ? "the same journey" : `${count(answer.variants)} different journeys`;
  const shown = answer.shown.reduce((sum, one) => sum + one.count, 0);
  const first = top ? ` The commonest is taken by ${percent(top.share ?? 0)} (${likelyShare(top.interval)}).` : "";
  const rest = answer.rest.count > 0 && answer.shown.length > 1 ? ` The ${count(answer.shown.length)} commonest together make up ${percent(shown / answer.entities)}.` : "";
  return `${many(answer.entities, counted)} take ${kinds}.${first}${rest}`;
}

export function variantsDiffSentence({ variants, rest, shared }: VariantsDiff, counted: Counted = PEOPLE): string {
  const rows = variants.map((one): Differing => ({ key: "", first: "", what: one.states.join(" → "), share: one.share }));
  return differing([...rows, { key: "", first: "", what: "all other journeys", share: rest }], "The journeys of A and B cannot be told apart.") + onBoth(shared, counted);
}

export function reworkSentence(answer: Rework, counted: Counted = PEOPLE): string {
  if (answer.entities === 0) return `${ownersOf(counted).nobody} in this selection has a journey.`;
  const top = answer.states.find((one) => one.joins == null && one.returns > 0);
  if (!top) return `None of ${many(answer.entities, counted)} comes back to anything.`;
  const soon = top.median_seconds === null ? "" : `, in the middle case ${duration(top.median_seconds)} later`;
  const [loop] = answer.loops;
  const round = loop ? ` ${percent(loop.share ?? 0)} of all go from ${loop.state} to ${loop.through} and straight back.` : "";
  return `${percent(top.share ?? 0)} of those who come to ${top.state} come back to it${soon}: ${count(top.returns)} times by ${many(top.returning, counted)}.${round}`;
}

export function reworkDiffSentence({ states, loops, shared }: ReworkDiff, counted: Counted = PEOPLE): string {
  const back = states.map((one): Differing => ({ key: "", first: "", what: `coming back to ${one.state}`, share: one.share }));
  const round = loops.map((one): Differing => ({ key: "", first: "", what: `${one.state} → ${one.through} → ${one.state}`, share: one.share }));
  return differing([...back, ...round], "A and B cannot be told apart in what they come back to.") + onBoth(shared, counted);
}

export function matchesSentence({ pattern, found }: Matches, counted: Counted = PEOPLE): string {
  if (found.entities === 0) return `${ownersOf(counted).nobody} in this selection has a journey.`;
  if (found.matching === 0) return `None of ${many(found.entities, counted)} has a journey with ${pattern}.`;
  const times = found.times > found.matching ? ` It is there ${count(found.times)} times.` : "";
  const soon = found.median_seconds ? ` The middle case takes ${duration(found.median_seconds)} the first time.` : "";
  return `${percent(found.share ?? 0)} of ${many(found.entities, counted)} have a journey with ${pattern} (${likelyShare(found.interval)}).${times}${soon}`;
}

export function matchesDiffSentence({ a, b, share, mean_times, shared }: MatchesDiff, counted: Counted = PEOPLE): string {
  const often = mean_times.interval && (mean_times.interval[0] > 0 || mean_times.interval[1] < 0) ? ` In matches of one ${ownersOf(counted).one}: ${mean_times.words}` : "";
  return `${percent(a.found.share ?? 0)} of A and ${percent(b.found.share ?? 0)} of B have a journey with ${a.pattern}. ${share.words}${often}${onBoth(shared, counted)}`;
}
