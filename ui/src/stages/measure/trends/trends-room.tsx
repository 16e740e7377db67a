/** Trends: the builder, the answer as a sentence, lines over time, and tables whose numbers open their people. */

import { lazy, Suspense } from "react";
import { useAddress } from "@/api/address.ts";
import { useExplore } from "@/api/explore.ts";
import { useAnswer, useDifference } from "@/api/measure-queries.ts";
import { useWorkspace } from "@/api/queries.ts";
import type { Choices, Trends, TrendsDiff } from "@/api/types.ts";
import { useMarks } from "@/charts/release-marks.tsx";
import { endOf } from "@/lib/periods.ts";
import { wholeOf } from "@/stages/measure/funnel-counted.ts";
import type { Ground } from "@/stages/measure/number-of.ts";
import { Room } from "@/stages/measure/room.tsx";
import { stateOf } from "@/stages/measure/state-of.tsx";
import { called, csvOf, linesOf, type Show, SHOWS } from "@/stages/measure/trends/lines.ts";
import { trendsDiffSentence, trendsSentence } from "@/stages/measure/trends/sentences.ts";
import { TrendsBuilder } from "@/stages/measure/trends/trends-builder.tsx";
import type { TrendsDrawing } from "@/stages/measure/trends/trends-chart.ts";
import { TrendsDiffTable, TrendTable } from "@/stages/measure/trends/trends-table.tsx";
import { LoadingState } from "@/ui/states.tsx";
import classes from "@/stages/measure/answer.module.css";

const Picture = lazy(() => import("@/stages/measure/trends/trends-picture.tsx").then((found) => ({ default: found.TrendsPicture })));
const MOST_DRAWN = 8;

export function TrendsRoom({ choices }: { readonly choices: Choices }) {
  const { asked, selection, against } = useExplore();
  const { look, see } = useAddress();
  const timezone = useWorkspace().data?.timezone ?? "UTC";
  const one = useAnswer<Trends>({ question: "trends", asked, selection, enabled: against === null });
  const two = useDifference<TrendsDiff>({ question: "trends", asked, selection, enabled: against !== null });
  const query = against ? two : one;
  const shared = { question: "trends" as const, builder: <TrendsBuilder choices={choices} /> };
  const diff = against ? (two.data ?? null) : null;
  const answer = against ? null : (one.data ?? null);
  const period = (diff?.a ?? answer)?.period ?? "week";
  const starts = [...(diff?.a.series ?? []), ...(diff?.b.series ?? []), ...(answer?.series ?? [])].flatMap(({ points }) => points.map(({ start }) => start)).sort();
  const last = starts.at(-1);
  const marks = useMarks(starts[0] ?? null, last ? endOf(last, period, timezone) : null);
  const state = stateOf(query, "Counting period by period");
  if (state || !(diff ?? answer)) return <Room {...shared} headline="" body={state} />;
  const counted = wholeOf(asked.of);
  const ground: Ground = { question: "trends", asked, selection };
  const lines = diff && against ? [...linesOf(diff.a, ground, { side: "A" }), ...linesOf(diff.b, { ...ground, selection: against }, { side: "B" })] : answer ? linesOf(answer, ground) : [];
  const tables = answer ? linesOf(answer, ground, { whole: true }) : lines;
  const currency = (diff?.a ?? answer)?.currency ?? null;
  const wanted = SHOWS.find((name) => name === asked.show) ?? "events";
  const show: Show = asked.number || (wanted !== "sum" && wanted !== "mean") ? wanted : "events";
  const drawn = [...lines].sort((a, b) => b.whole.events - a.whole.events).slice(0, MOST_DRAWN);
  const drawing: TrendsDrawing = { lines: diff ? lines.slice(0, MOST_DRAWN) : drawn, show, period, timezone, currency, marks, counted };
  const below = (
    <div className={classes.answer}>
      {diff && <TrendsDiffTable diff={diff} period={period} />}
      {tables.map((line) => (
        <TrendTable key={line.name} {...{ line, period, timezone, currency, marks }} open={(people) => see({ people })} />
      ))}
    </div>
  );
  return (
    <Room
      {...shared}
      headline={diff ? trendsDiffSentence(diff, period, counted) : answer ? trendsSentence(answer, timezone, counted) : ""}
      stale={query.isPlaceholderData}
      csv={() => csvOf(tables)}
      drawing={async () => (await import("@/stages/measure/trends/trends-picture.tsx")).trendsDrawing(drawing)}
      body={
        look.view === "table" ? (
          below
        ) : (
          <Suspense fallback={<LoadingState what="Drawing" />}>
            <Picture drawing={drawing} hidden={lines.length - drawing.lines.length} open={(line, point) => see({ people: line.list(point.start, `${line.name}: ${called(point.start, period, timezone)}`) })} />
            {below}
          </Suspense>
        )
      }
    />
  );
}
