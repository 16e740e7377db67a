/** The funnel: its builder, the answer as a sentence, bars, and a table. */

import { Button } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useAddress } from "@/api/address.ts";
import { useExplore } from "@/api/explore.ts";
import { useAnswer, useDifference } from "@/api/measure-queries.ts";
import type { Choices, CurvePoint, Funnel, FunnelDiff } from "@/api/types.ts";
import { funnelCell, partWord } from "@/lib/cells.ts";
import { duration } from "@/lib/format.ts";
import { FunnelBuilder } from "@/stages/measure/funnel-builder.tsx";
import type { FunnelSeries } from "@/stages/measure/funnel-chart.ts";
import { countedOf, ownersOf, useWhole } from "@/stages/measure/funnel-counted.ts";
import { funnelCsv } from "@/stages/measure/funnel-csv.ts";
import { FunnelTable } from "@/stages/measure/funnel-table.tsx";
import { cellOf, type Ground, UNKNOWN } from "@/stages/measure/number-of.ts";
import { Room } from "@/stages/measure/room.tsx";
import { funnelDiffSentence, funnelSentence } from "@/stages/measure/sentences.ts";
import { stateOf } from "@/stages/measure/state-of.tsx";
import { nameOf, stagesFunnel } from "@/stages/measure/step-words.ts";
import { type SurvivalLine, survivalLines } from "@/stages/measure/survival-chart.ts";
import { SurvivalTable } from "@/stages/measure/survival-table.tsx";
import type { Drawing } from "@/ui/export-menu.tsx";
import { EmptyState, LoadingState } from "@/ui/states.tsx";

const FunnelPicture = lazy(() => import("@/stages/measure/funnel-picture.tsx").then((found) => ({ default: found.FunnelPicture })));
const SurvivalPicture = lazy(() => import("@/stages/measure/survival-picture.tsx").then((found) => ({ default: found.SurvivalPicture })));
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
  const counted = countedOf(asked);
  const headline = diff ? funnelDiffSentence(diff, counted) : answer ? funnelSentence(answer, counted) : "";
  const curves = survivalLines(series);
  const reached = curves.filter((line) => line.step.survival?.reached);
  const openPoint = (line: SurvivalLine, point: CurvePoint) => {
    const title = `${ownersOf(counted).who} reached ${line.step.name} within ${duration(point.seconds)}`;
    const cell = funnelCell(`reached ${line.k + 1} by ${point.seconds.toFixed(3)}s`, series[line.series]?.part ?? null);
    open(cellOf(grounds[line.series] ?? ground, cell, title));
  };
  const tables = (
    <>
      <FunnelTable series={series} {...{ grounds, diff, counted, open }} />
      {reached.length > 0 && <SurvivalTable lines={reached} counted={counted} open={openPoint} />}
    </>
  );
  return (
    <Room
      {...shared}
      headline={headline}
      stale={query.isPlaceholderData}
      csv={() => funnelCsv(series, diff)}
      drawing={() => drawingFor(drawn, reached.length > 0)}
      body={
        look.view === "table" ? (
          tables
        ) : (
          <>
            <Suspense fallback={<LoadingState what="Drawing" />}>
              <FunnelPicture series={drawn} grounds={grounds} hidden={series.length - drawn.length} open={open} />
              {curves.length > 0 && <SurvivalPicture series={drawn} counted={counted} open={openPoint} />}
            </Suspense>
            {tables}
          </>
        )
      }
    />
  );
}

/** What a picture file holds: the bars, and the curves under them where there are some. */
async function drawingFor(drawn: readonly FunnelSeries[], curved: boolean): Promise<Drawing> {
  const bars = (await import("@/stages/measure/funnel-picture.tsx")).funnelDrawing(drawn);
  if (!curved) return bars;
  const curves = (await import("@/stages/measure/survival-picture.tsx")).survivalDrawing(drawn);
  return (await import("@/stages/measure/measure-chart.tsx")).stacked([bars, curves]);
}

/** Before the first step: what will stand here, and a funnel to begin with. */
function Begin({ choices }: { readonly choices: Choices }) {
  const { ask } = useExplore();
  const { many } = ownersOf(useWhole());
  const start = stagesFunnel(choices);
  return (
    <EmptyState
      title="Which steps?"
      text={`Name the first step, then the ones that should follow. Who gets through, where ${many} stop and how long it takes stands here at once.`}
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
