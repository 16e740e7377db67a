/** Cohorts: what people bring in as time since they began goes on, and when that pays back what winning them cost. */

import { lazy, Suspense } from "react";
import { useAddress } from "@/api/address.ts";
import { useReleases } from "@/api/collect-queries.ts";
import { useExplore } from "@/api/explore.ts";
import { useAnswer, useDifference } from "@/api/measure-queries.ts";
import { useWorkspace } from "@/api/queries.ts";
import type { Selection } from "@/api/selection.ts";
import type { Choices, Cohorts, CohortsDiff, MoneyCohort } from "@/api/types.ts";
import { partWord } from "@/lib/cells.ts";
import { toCsv } from "@/lib/csv.ts";
import { marksBetween } from "@/lib/marks.ts";
import { endOf } from "@/lib/periods.ts";
import { cohortsDiffSentence, cohortsSentence, type Grouped, nameOfCohort } from "@/stages/measure/cohorts/cohort-words.ts";
import { CohortsBuilder } from "@/stages/measure/cohorts/cohorts-builder.tsx";
import type { MoneyCurve } from "@/stages/measure/cohorts/cohorts-chart.ts";
import { CohortsDiffTable, type CohortsSide, CohortsTable } from "@/stages/measure/cohorts/cohorts-table.tsx";
import { ownersOf, wholeOf } from "@/stages/measure/funnel-counted.ts";
import { cellOf, type Ground } from "@/stages/measure/number-of.ts";
import { Room } from "@/stages/measure/room.tsx";
import { stateOf } from "@/stages/measure/state-of.tsx";
import { EmptyState, LoadingState } from "@/ui/states.tsx";
import answer from "@/stages/measure/answer.module.css";

const Picture = lazy(() => import("@/stages/measure/cohorts/cohorts-picture.tsx").then((found) => ({ default: found.CohortsPicture })));
const MOST_DRAWN = 8;

export function CohortsRoom({ choices }: { readonly choices: Choices }) {
  const { asked, selection, against } = useExplore();
  const { look, see } = useAddress();
  const timezone = useWorkspace().data?.timezone ?? "UTC";
  const releases = useReleases().data ?? [];
  const one = useAnswer<Cohorts>({ question: "cohorts", asked, selection, enabled: against === null });
  const two = useDifference<CohortsDiff>({ question: "cohorts", asked, selection, enabled: against !== null });
  const query = against ? two : one;
  const shared = { question: "cohorts" as const, builder: <CohortsBuilder choices={choices} /> };
  const state = stateOf(query, `Adding up what ${ownersOf(wholeOf(asked.of)).many} bring in`);
  const diff = against ? (two.data ?? null) : null;
  const found = against ? null : (one.data ?? null);
  if (state || !(diff ?? found)) return <Room {...shared} headline="" body={state} />;
  const counted = wholeOf(asked.of);
  const grouped: Grouped = asked.behaviour ? "behaviour" : asked.by && !diff ? "trait" : "period";
  const period = (diff?.a ?? found)?.period ?? "month";
  const word = (cohort: MoneyCohort) => (grouped === "trait" ? partWord(cohort.cohort, cohort.others ?? null) : String(cohort.cohort));
  const marked = ({ cohort }: MoneyCohort) => (grouped === "period" && cohort ? marksBetween(releases, cohort, endOf(cohort, period, timezone)) : []);
  const called = (cohort: MoneyCohort) => nameOfCohort(cohort.cohort, grouped, timezone);
  // A and B are not broken down, so that their cells are not either.
  const mine = diff ? { ...asked, by: null, cost: null } : asked;
  const ground = (of: Selection): Ground => ({ question: "cohorts", asked: mine, selection: of });
  const side = (name: string, whole: Cohorts, of: Selection): CohortsSide => ({ name, found: whole, called, word, marked, timezone, open: (cell, title) => see({ people: cellOf(ground(of), cell, title) }) });
  const sides = diff && against ? [side("A", diff.a, selection), side("B", diff.b, against)] : found ? [side("", found, selection)] : [];
  const headline = diff ? cohortsDiffSentence(diff, counted) : found ? cohortsSentence(found, called, counted) : "";
  const whole = diff?.a ?? found;
  if (!whole || sides.every((each) => each.found.cohorts.length === 0)) return <Room {...shared} headline={headline} body={<EmptyState title="No cohorts" text={`${ownersOf(counted).nobody} in this selection begins this way. Choose another beginning, widen the period or take a filter away.`} />} />;
  const curves = diff ? diffCurves(diff) : curvesOf(whole, called);
  const picture = { curves: curves.slice(0, MOST_DRAWN), period: whole.period, currency: whole.currency, counted };
  return (
    <Room
      {...shared}
      headline={headline}
      stale={query.isPlaceholderData}
      csv={() => csvOf(sides)}
      drawing={async () => (await import("@/stages/measure/cohorts/cohorts-picture.tsx")).cohortsDrawing(picture)}
      body={
        <div className={answer.answer}>
          {look.view !== "table" && (
            <Suspense fallback={<LoadingState what="Drawing" />}>
              <Picture picture={picture} hidden={curves.length - picture.curves.length} />
            </Suspense>
          )}
          {diff && <CohortsDiffTable diff={diff} />}
          {sides.map((each) => (
            <CohortsTable key={each.name} {...each} />
          ))}
        </div>
      }
    />
  );
}

/** The cohorts of which anything is known. */
function curvesOf({ cohorts }: Cohorts, called: (one: MoneyCohort) => string): readonly MoneyCurve[] {
  return cohorts.filter((one) => one.ages.some((at) => at.per_entity !== null)).map((one): MoneyCurve => ({ name: called(one), ages: one.ages, cost: one.payback?.cost ?? null }));
}

/** A and B over all cohorts; the interval of each side is not known, that of their difference stands in the table. */
function diffCurves({ ages }: CohortsDiff): readonly MoneyCurve[] {
  return (["a", "b"] as const).map((name): MoneyCurve => ({ name: name.toUpperCase(), cost: null, ages: ages.map(({ age, money }) => ({ age, per_entity: money[name], interval: null, payers: null, why: null, carried_by: null })) }));
}

function csvOf(sides: readonly CohortsSide[]): string {
  return toCsv(
    ["of", "cohort", "people", "too_young", "age", "per_person", "low", "high", "payers", "why", "carried_by", "cost", "paid_back_age", "earliest", "latest"],
    sides.flatMap(({ name, found }) =>
      found.cohorts.flatMap((one) => one.ages.map((at) => [name, one.cohort, one.size, one.younger, at.age, at.per_entity, at.interval?.[0] ?? null, at.interval?.[1] ?? null, at.payers, at.why, at.carried_by?.entity ?? null, one.payback?.cost ?? null, one.payback?.age ?? null, one.payback?.first ?? null, one.payback?.last ?? null])),
    ),
  );
}
