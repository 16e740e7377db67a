/** Before and after: what lies around a step, as a stream and as a matrix of positions. */

import { Button } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useAddress } from "@/api/address.ts";
import { useExplore } from "@/api/explore.ts";
import { useAnswer, useDifference } from "@/api/measure-queries.ts";
import type { Choices, StepMatrix, StepMatrixDiff, StepSankey } from "@/api/types.ts";
import { toCsv } from "@/lib/csv.ts";
import { ownersOf, useWhole, wholeOf } from "@/stages/measure/funnel-counted.ts";
import { cellOf, type Ground, UNKNOWN } from "@/stages/measure/number-of.ts";
import { AroundBuilder } from "@/stages/measure/paths/around-builder.tsx";
import { MatrixTable, type Side } from "@/stages/measure/paths/matrix-table.tsx";
import { partOf } from "@/lib/cells.ts";
import { DifferencesTable, type Differing } from "@/stages/measure/paths/differences-table.tsx";
import { aroundDiffSentence, aroundSentence } from "@/stages/measure/paths/sentences.ts";
import { aroundStream, placeOf } from "@/stages/measure/paths/stream.ts";
import { Room } from "@/stages/measure/room.tsx";
import { stateOf } from "@/stages/measure/state-of.tsx";
import { eventWord, nameOf } from "@/stages/measure/step-words.ts";
import { EmptyState, LoadingState } from "@/ui/states.tsx";
import answer from "@/stages/measure/answer.module.css";

const Picture = lazy(() => import("@/stages/measure/paths/stream-picture.tsx").then((found) => ({ default: found.StreamPicture })));
const SANKEY = "step_sankey";

export function AroundRoom({ choices }: { readonly choices: Choices }) {
  const { asked, selection, against } = useExplore();
  const { look, see } = useAddress();
  const ready = asked.anchor !== null;
  const one = useAnswer<StepMatrix>({ question: "around", asked, selection, enabled: ready && against === null });
  const drawn = useAnswer<StepSankey>({ question: "around", asked, selection, word: SANKEY, enabled: ready && against === null });
  const two = useDifference<StepMatrixDiff>({ question: "around", asked, selection, enabled: ready && against !== null });
  const query = against ? two : one;
  const shared = { question: "around" as const, builder: <AroundBuilder choices={choices} /> };
  if (!ready) return <Room {...shared} headline="" body={<Begin choices={choices} />} />;
  const state = stateOf(query, "Looking before and after");
  const diff = against ? (two.data ?? null) : null;
  const found = against ? null : (one.data ?? null);
  const whole = diff?.a ?? found;
  if (state || !whole) return <Room {...shared} headline="" body={state} />;
  const counted = wholeOf(asked.of);
  const { many } = ownersOf(counted);
  const ground: Ground = { question: "around", asked, selection };
  const openIn = (from: Ground, part: string) => (cell: string, title: string) => see({ people: cellOf(from, cell + part, title) });
  const sides: readonly Side[] =
    diff && against
      ? [
          { ...diff.a, name: "A", open: openIn(ground, "") },
          { ...diff.b, name: "B", open: openIn({ ...ground, selection: against }, "") },
        ]
      : [{ ...whole, name: "", open: openIn(ground, "") }, ...(found?.by ?? []).map((part): Side => ({ ...part, name: part.value ?? UNKNOWN, open: openIn(ground, partOf(part)) }))];
  const stream = drawn.data && !diff ? aroundStream(drawn.data, counted) : null;
  const openMove = (cell: string, title: string) => see({ people: cellOf(ground, cell, title, SANKEY) });
  return (
    <Room
      {...shared}
      headline={diff ? aroundDiffSentence(diff, counted) : aroundSentence(whole, nameOf(asked.anchor ?? ""), counted)}
      stale={query.isPlaceholderData}
      csv={() => csvOf(whole.positions, sides)}
      drawing={stream ? async () => (await import("@/stages/measure/paths/stream-picture.tsx")).streamDrawing(stream) : undefined}
      body={
        <div className={answer.answer}>
          {!diff && look.view !== "table" && (stream ? <Suspense fallback={<LoadingState what="Drawing" />}><Picture stream={stream} label={`What ${many} do right before and right after: each column is one step.`} note={`Every column holds the same ${many}. Those who have not yet begun, and those who have ended, are drawn in grey.`} open={openMove} /></Suspense> : stateOf(drawn, "Drawing"))}
          {diff && <DifferencesTable rows={differing(diff)} first="Where" />}
          {sides.map((side) => (
            <MatrixTable key={side.name} side={side} positions={whole.positions} why={whole.why} />
          ))}
        </div>
      }
    />
  );
}

/** Before a step is named: what will stand here. */
function Begin({ choices }: { readonly choices: Choices }) {
  const { ask } = useExplore();
  const { many } = ownersOf(useWhole());
  const first = choices.events[0];
  return (
    <EmptyState
      title="Around which step?"
      text={`Name an event or a step. What ${many} do right before it, and right after it, stands here at once.`}
      action={
        first && (
          <Button size="xs" variant="light" onClick={() => ask({ anchor: eventWord(first.value, choices) })}>
            Look around {first.value}
          </Button>
        )
      }
    />
  );
}

function differing({ rows, a }: StepMatrixDiff): readonly Differing[] {
  return rows.flatMap((row) => row.shares.map((share, k): Differing => ({ key: `${row.kind} ${row.state} ${k}`, first: placeOf(a.positions[k] ?? 0), what: row.state, share })));
}

function csvOf(positions: readonly number[], sides: readonly Side[]): string {
  return toCsv(
    ["of", "position", "state", "kind", "count", "share", "low", "high"],
    sides.flatMap(({ name, rows }) => rows.flatMap((row) => positions.map((at, k) => [name, at, row.state, row.kind, row.counts[k] ?? null, row.shares[k] ?? null, row.intervals[k]?.[0] ?? null, row.intervals[k]?.[1] ?? null]))),
  );
}
