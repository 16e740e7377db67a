/** Retention: its builder, the answer as a sentence, curves, and the triangle of cohorts as a table. */

import { lazy, Suspense } from "react";
import { useAddress } from "@/api/address.ts";
import { useReleases } from "@/api/collect-queries.ts";
import { useExplore } from "@/api/explore.ts";
import { useAnswer, useDifference } from "@/api/measure-queries.ts";
import { useWorkspace } from "@/api/queries.ts";
import type { Choices, Retention, RetentionDiff } from "@/api/types.ts";
import { toCsv } from "@/lib/csv.ts";
import { wholeOf } from "@/stages/measure/funnel-counted.ts";
import { type Ground, UNKNOWN } from "@/stages/measure/number-of.ts";
import { RetentionBuilder } from "@/stages/measure/retention-builder.tsx";
import type { Curve } from "@/stages/measure/retention-chart.ts";
import { DiffTable, Triangle } from "@/stages/measure/retention-table.tsx";
import { Room } from "@/stages/measure/room.tsx";
import { retentionDiffSentence, retentionSentence } from "@/stages/measure/sentences.ts";
import { stateOf } from "@/stages/measure/state-of.tsx";
import { LoadingState } from "@/ui/states.tsx";
import classes from "./answer.module.css";

const Picture = lazy(() => import("@/stages/measure/retention-picture.tsx").then((found) => ({ default: found.RetentionPicture })));
const MOST_DRAWN = 8;

export function RetentionRoom({ choices }: { readonly choices: Choices }) {
  const { asked, selection, against } = useExplore();
  const { look, see } = useAddress();
  const timezone = useWorkspace().data?.timezone ?? "UTC";
  const releases = useReleases().data ?? [];
  const one = useAnswer<Retention>({ question: "retention", asked, selection, enabled: against === null });
  const two = useDifference<RetentionDiff>({ question: "retention", asked, selection, enabled: against !== null });
  const query = against ? two : one;
  const shared = { question: "retention" as const, builder: <RetentionBuilder choices={choices} /> };
  const state = stateOf(query, "Counting who comes back");
  const diff = against ? (two.data ?? null) : null;
  const answer = against ? null : (one.data ?? null);
  if (state || !(diff ?? answer)) return <Room {...shared} headline="" body={state} />;
  const period = asked.period ?? "month";
  const ground: Ground = { question: "retention", asked, selection };
  const curves = diff ? [{ name: "A", cohorts: diff.a.cohorts }, { name: "B", cohorts: diff.b.cohorts }] : answer ? curvesOf(answer) : [];
  const grounds = diff && against ? [ground, { ...ground, selection: against }] : curves.map(() => ground);
  const open = (people: NonNullable<typeof look.people>) => see({ people });
  const tables = curves.map((curve, k) => (
    <Triangle key={curve.name} {...{ curve, timezone, period, releases, open }} ground={grounds[k] ?? ground} split={answer?.by != null} alone={curves.length === 1 && answer?.by == null} />
  ));
  const drawn = curves.slice(0, MOST_DRAWN);
  const headline = diff ? retentionDiffSentence(diff, period, wholeOf(asked.of)) : answer ? retentionSentence(answer, period, asked.mode === "recurring", wholeOf(asked.of)) : "";
  return (
    <Room
      {...shared}
      headline={headline}
      stale={query.isPlaceholderData}
      csv={() => csvOf(curves)}
      drawing={async () => (await import("@/stages/measure/retention-picture.tsx")).retentionDrawing(drawn, period)}
      body={
        look.view === "table" ? (
          <div className={classes.answer}>
            {diff && <DiffTable diff={diff} period={period} />}
            {tables}
          </div>
        ) : (
          <Suspense fallback={<LoadingState what="Drawing" />}>
            <Picture curves={drawn} period={period} hidden={curves.length - drawn.length} />
            {diff ? <DiffTable diff={diff} period={period} /> : tables}
          </Suspense>
        )
      }
    />
  );
}

function curvesOf(answer: Retention): readonly Curve[] {
  if (answer.by == null) return [{ name: "all", cohorts: answer.cohorts }];
  const size = (curve: Curve) => curve.cohorts.reduce((sum, one) => sum + one.size, 0);
  return answer.by.map((part): Curve => ({ name: part.others != null ? `${part.others} rarer ones` : (part.value ?? UNKNOWN), value: part.value, others: part.others, cohorts: part.cohorts })).sort((a, b) => size(b) - size(a));
}

function csvOf(curves: readonly Curve[]): string {
  return toCsv(
    ["of", "began", "people", "periods_after", "came_back", "share", "low", "high"],
    curves.flatMap(({ name, cohorts }) =>
      cohorts.flatMap((one) => one.retained.map((n, k) => [name, one.start, one.size, k, n, n === null ? null : n / one.size, one.intervals[k]?.[0] ?? null, one.intervals[k]?.[1] ?? null])),
    ),
  );
}
