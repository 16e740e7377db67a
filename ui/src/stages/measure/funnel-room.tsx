/** The funnel: its builder, the answer as a sentence, bars, and a table. */

import { Button } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useAddress } from "@/api/address.ts";
import { useExplore } from "@/api/explore.ts";
import { useAnswer, useDifference } from "@/api/measure-queries.ts";
import type { Choices, Funnel, FunnelDiff } from "@/api/types.ts";
import { partWord } from "@/lib/cells.ts";
import { toCsv } from "@/lib/csv.ts";
import { FunnelBuilder } from "@/stages/measure/funnel-builder.tsx";
import type { FunnelSeries } from "@/stages/measure/funnel-chart.ts";
import { FunnelTable, UNKNOWN } from "@/stages/measure/funnel-table.tsx";
import type { Ground } from "@/stages/measure/number-of.ts";
import { Room } from "@/stages/measure/room.tsx";
import { funnelDiffSentence, funnelSentence } from "@/stages/measure/sentences.ts";
import { stateOf } from "@/stages/measure/state-of.tsx";
import { nameOf, stagesFunnel } from "@/stages/measure/step-words.ts";
import { EmptyState, LoadingState } from "@/ui/states.tsx";

const FunnelPicture = lazy(() => import("@/stages/measure/funnel-picture.tsx").then((found) => ({ default: found.FunnelPicture })));
const MOST_DRAWN = 4;

export function FunnelRoom({ choices }: { readonly choices: Choices }) {
  const { asked, selection, against } = useExplore();
  const { look, see } = useAddress();
  const ready = asked.step.length > 0;
  const one = useAnswer<Funnel>({ question: "funnel", asked, selection, enabled: ready && against === null });
  const two = useDifference<FunnelDiff>({ question: "funnel", asked, selection, enabled: ready && against !== null });
  const query = against ? two : one;
  const builder = <FunnelBuilder choices={choices} />;
  const shared = { question: "funnel" as const, builder };
  if (!ready) return <Room {...shared} headline="" body={<Begin choices={choices} />} />;
  const state = stateOf(query, "Counting who gets through");
  if (state || !query.data) return <Room {...shared} headline="" body={state} />;
  const diff = against ? (two.data ?? null) : null;
  const answer = against ? null : (one.data ?? null);
  const series = diff ? sides(diff) : answer ? parts(answer) : [];
  const ground: Ground = { question: "funnel", asked, selection };
  const grounds = diff && against ? [ground, { ...ground, selection: against }] : series.map(() => ground);
  const open = (people: NonNullable<typeof look.people>) => see({ people });
  const drawn = series.slice(0, MOST_DRAWN);
  const headline = diff ? funnelDiffSentence(diff) : answer ? funnelSentence(answer) : "";
  const table = <FunnelTable series={series} {...{ grounds, diff, open }} />;
  return (
    <Room
      {...shared}
      headline={headline}
      stale={query.isPlaceholderData}
      csv={() => csvOf(series, diff)}
      drawing={async () => (await import("@/stages/measure/funnel-picture.tsx")).funnelDrawing(drawn)}
      body={
        look.view === "table" ? (
          table
        ) : (
          <Suspense fallback={<LoadingState what="Drawing" />}>
            <FunnelPicture series={drawn} grounds={grounds} hidden={series.length - drawn.length} open={open} />
            {table}
          </Suspense>
        )
      }
    />
  );
}

/** Before the first step: what will stand here, and a funnel to begin with. */
function Begin({ choices }: { readonly choices: Choices }) {
  const { ask } = useExplore();
  const start = stagesFunnel(choices);
  return (
    <EmptyState
      title="Which steps?"
      text="Name the first step, then the ones that should follow. Who gets through, where people stop and how long it takes stands here at once."
      action={
        start.length > 0 && (
          <Button size="xs" variant="light" h="auto" mih={30} py={5} styles={{ label: { whiteSpace: "normal" } }} onClick={() => ask({ step: start })}>
            Start with {start.map(nameOf).join(" → ")}
          </Button>
        )
      }
    />
  );
}

function sides(diff: FunnelDiff): readonly FunnelSeries[] {
  return [
    { name: "A", part: null, steps: diff.a.steps },
    { name: "B", part: null, steps: diff.b.steps },
  ];
}

function parts(answer: Funnel): readonly FunnelSeries[] {
  if (answer.by == null) return [{ name: null, part: null, steps: answer.steps }];
  const all = answer.by.map((part) => ({ name: part.value ?? UNKNOWN, part: partWord(part.value, part.others ?? null), steps: part.steps }));
  return all.sort((x, y) => (y.steps[0]?.entities ?? 0) - (x.steps[0]?.entities ?? 0));
}

function csvOf(series: readonly FunnelSeries[], diff: FunnelDiff | null): string {
  const header = ["of", "step", "name", "people", "from_first", "low", "high", "from_previous", "median_seconds", "censored", "words"];
  return toCsv(
    header,
    series.flatMap((one, place) =>
      one.steps.map((step, k) => [
        one.name, k + 1, step.name, step.entities, step.from_first, step.interval?.[0] ?? null, step.interval?.[1] ?? null, step.from_previous,
        step.median_seconds ?? null, step.censored ?? null, diff && place === 1 ? (diff.steps[k]?.from_first.words ?? null) : null,
      ]),
    ),
  );
}
