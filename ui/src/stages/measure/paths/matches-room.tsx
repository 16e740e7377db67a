/** A pattern of steps: how many journeys hold it, how often, and how long it takes. */

import { Button } from "@mantine/core";
import { useAddress } from "@/api/address.ts";
import { useExplore } from "@/api/explore.ts";
import { useAnswer, useDifference } from "@/api/measure-queries.ts";
import type { Choices, Matches, MatchesDiff } from "@/api/types.ts";
import { toCsv } from "@/lib/csv.ts";
import { wholeOf } from "@/stages/measure/funnel-counted.ts";
import { cellOf, type Ground, UNKNOWN } from "@/stages/measure/number-of.ts";
import { partOf, patternName } from "@/lib/cells.ts";
import { DifferencesTable } from "@/stages/measure/paths/differences-table.tsx";
import { MatchesBuilder } from "@/stages/measure/paths/matches-builder.tsx";
import { HowOften, type Holding, Summary } from "@/stages/measure/paths/matches-tables.tsx";
import { matchesDiffSentence, matchesSentence } from "@/stages/measure/paths/sentences.ts";
import { Room } from "@/stages/measure/room.tsx";
import { stateOf } from "@/stages/measure/state-of.tsx";
import { EmptyState } from "@/ui/states.tsx";
import answer from "@/stages/measure/answer.module.css";

export function MatchesRoom({ choices }: { readonly choices: Choices }) {
  const { asked, selection, against } = useExplore();
  const { see } = useAddress();
  const ready = asked.pattern !== null;
  const one = useAnswer<Matches>({ question: "matches", asked, selection, enabled: ready && against === null });
  const two = useDifference<MatchesDiff>({ question: "matches", asked, selection, enabled: ready && against !== null });
  const query = against ? two : one;
  const shared = { question: "matches" as const, builder: <MatchesBuilder choices={choices} /> };
  if (!ready) return <Room {...shared} headline="" body={<Begin choices={choices} />} />;
  const state = stateOf(query, "Looking for the pattern");
  const diff = against ? (two.data ?? null) : null;
  const found = against ? null : (one.data ?? null);
  if (state || !(diff ?? found)) return <Room {...shared} headline="" body={state} />;
  const counted = wholeOf(asked.of);
  const ground: Ground = { question: "matches", asked, selection };
  const openIn = (from: Ground, part: string) => (cell: string, title: string) => see({ people: cellOf(from, cell + part, title) });
  const sides: readonly Holding[] =
    diff && against
      ? [
          { ...diff.a.found, name: "A", open: openIn(ground, "") },
          { ...diff.b.found, name: "B", open: openIn({ ...ground, selection: against }, "") },
        ]
      : found
        ? [{ ...found.found, name: "all", open: openIn(ground, "") }, ...(found.by ?? []).map((part): Holding => ({ ...part.found, name: part.value ?? UNKNOWN, open: openIn(ground, partOf(part)) }))]
        : [];
  return (
    <Room
      {...shared}
      headline={diff ? matchesDiffSentence(diff, counted) : found ? matchesSentence(found, counted) : ""}
      stale={query.isPlaceholderData}
      csv={() => csvOf(sides)}
      body={
        <div className={answer.answer}>
          {diff && <DifferencesTable rows={[{ key: "share", first: "", what: "journeys that hold it", share: diff.share }]} first="" />}
          <Summary sides={sides} />
          <HowOften sides={sides} />
        </div>
      }
    />
  );
}

/** Before a pattern is written: what will stand here. */
function Begin({ choices }: { readonly choices: Choices }) {
  const { ask } = useExplore();
  const [first, second] = choices.events;
  const example = first && second ? `${patternName(first.value)} ->> ${patternName(second.value)}` : null;
  return (
    <EmptyState
      title="Which pattern?"
      text="Write steps with arrows between them. How many journeys hold them, how often, and how long that takes stands here."
      action={
        example && (
          <Button size="xs" variant="light" onClick={() => ask({ pattern: example })}>
            Look for {example}
          </Button>
        )
      }
    />
  );
}

function csvOf(sides: readonly Holding[]): string {
  return toCsv(
    ["of", "people", "with_pattern", "share", "low", "high", "times", "mean_times", "median_seconds", "0", "1", "2", "3", "4", "5+"],
    sides.map((one) => [one.name, one.entities, one.matching, one.share, one.interval?.[0] ?? null, one.interval?.[1] ?? null, one.times, one.mean_times, one.median_seconds, ...one.often]),
  );
}
