/** Lifecycle: who is new, there again, back after a gap, and gone, period by period; or who stays, A against B. */

import { lazy, Suspense } from "react";
import { useAddress } from "@/api/address.ts";
import { useExplore } from "@/api/explore.ts";
import { useAnswer, useDifference } from "@/api/measure-queries.ts";
import type { PeopleOf } from "@/api/people-of.ts";
import { useWorkspace } from "@/api/queries.ts";
import type { Choices, LifePeriod, Lifecycle, LifecycleDiff } from "@/api/types.ts";
import { useMarks } from "@/charts/release-marks.tsx";
import { partWord } from "@/lib/cells.ts";
import { toCsv } from "@/lib/csv.ts";
import { day } from "@/lib/format.ts";
import { endOf } from "@/lib/periods.ts";
import { wholeOf } from "@/stages/measure/funnel-counted.ts";
import { UNKNOWN } from "@/stages/measure/number-of.ts";
import { LifecycleBuilder } from "@/stages/measure/lifecycle-builder.tsx";
import { type Kind, KIND_WORDS } from "@/stages/measure/lifecycle-chart.ts";
import type { LifeSide } from "@/stages/measure/lifecycle-picture.tsx";
import { LifecycleTable } from "@/stages/measure/lifecycle-table.tsx";
import { cellOf, type Ground } from "@/stages/measure/number-of.ts";
import { Room } from "@/stages/measure/room.tsx";
import { lifecycleDiffSentence, lifecycleSentence } from "@/stages/measure/sentences.ts";
import { stateOf } from "@/stages/measure/state-of.tsx";
import { LoadingState } from "@/ui/states.tsx";
import classes from "./answer.module.css";

const Picture = lazy(() => import("@/stages/measure/lifecycle-picture.tsx").then((found) => ({ default: found.LifecyclePicture })));

interface Shown extends LifeSide {
  readonly ground: Ground;
  readonly part: string;
}

export function LifecycleRoom({ choices }: { readonly choices: Choices }) {
  const { asked, selection, against } = useExplore();
  const { look, see } = useAddress();
  const timezone = useWorkspace().data?.timezone ?? "UTC";
  const one = useAnswer<Lifecycle>({ question: "lifecycle", asked, selection, enabled: against === null });
  const two = useDifference<LifecycleDiff>({ question: "lifecycle", asked, selection, enabled: against !== null });
  const query = against ? two : one;
  const diff = against ? (two.data ?? null) : null;
  const answer = against ? null : (one.data ?? null);
  const period = asked.period ?? "week";
  const every = [...(diff ? [...diff.a.periods, ...diff.b.periods] : (answer?.periods ?? []))].map(({ start }) => start).sort();
  const [first, last] = [every[0], every.at(-1)];
  const marks = useMarks(first ?? null, last ? endOf(last, period, timezone) : null);
  const shared = { question: "lifecycle" as const, builder: <LifecycleBuilder choices={choices} /> };
  const state = stateOf(query, "Counting who is there");
  if (state || !(diff ?? answer)) return <Room {...shared} headline="" body={state} />;
  const ground: Ground = { question: "lifecycle", asked, selection };
  const side = (name: string, periods: readonly LifePeriod[], of = ground, part = ""): Shown => ({ name, periods, period, timezone, marks, ground: of, part });
  const sides = diff && against ? [side("A", diff.a.periods), side("B", diff.b.periods, { ...ground, selection: against })] : answer ? [side("", answer.periods)] : [];
  const parts = (answer?.by ?? []).map((one) => side(one.others != null ? `${one.others} rarer ones` : (one.value ?? UNKNOWN), one.periods, ground, ` ${partWord(one.value, one.others)}`));
  const open = (people: PeopleOf) => see({ people });
  const pick = (at: LifePeriod, kind: Kind) => open(cellOf(ground, `${at.start} ${kind}`, `${KIND_WORDS[kind].name}, ${period} of ${day(at.start, timezone)}`));
  const tables = [...sides, ...parts].map((shown) => <LifecycleTable key={shown.name} name={shown.name} drawing={shown} ground={shown.ground} part={shown.part} open={open} />);
  return (
    <Room
      {...shared}
      headline={diff ? lifecycleDiffSentence(diff, period) : answer ? lifecycleSentence(answer, timezone, wholeOf(asked.of)) : ""}
      stale={query.isPlaceholderData}
      csv={() => csvOf([...sides, ...parts])}
      drawing={async () => (await import("@/stages/measure/lifecycle-picture.tsx")).lifecycleDrawing(sides)}
      body={
        look.view === "table" || every.length === 0 ? (
          <div className={classes.answer}>{tables}</div>
        ) : (
          <Suspense fallback={<LoadingState what="Drawing" />}>
            <Picture sides={sides} open={pick} />
            {tables}
          </Suspense>
        )
      }
    />
  );
}

function csvOf(sides: readonly Shown[]): string {
  return toCsv(
    ["of", "start", "new", "returning", "resurrecting", "dormant", "stayed", "low", "high"],
    sides.flatMap(({ name, periods }) => periods.map((one) => [name, one.start, one.new, one.returning, one.resurrecting, one.dormant, one.stayed, one.interval?.[0] ?? null, one.interval?.[1] ?? null])),
  );
}
