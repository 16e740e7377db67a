/** One experiment from hypothesis to verdict, with the one thing to do now. */

import type { ExperimentView } from "@/api/types.ts";
import { MarkList, useMarks } from "@/charts/release-marks.tsx";
import { count, day, percent } from "@/lib/format.ts";
import { ExperimentActs } from "@/stages/learn/experiment-acts.tsx";
import { inWords, Reading } from "@/stages/learn/reading.tsx";
import { STATES } from "@/stages/learn/words.ts";
import classes from "./learn.module.css";
import { Worded } from "@/ui/worded.tsx";

interface DetailProps {
  readonly view: ExperimentView;
  readonly timezone: string;
  readonly onEdit: () => void;
  readonly onGone: () => void;
}

export function ExperimentDetail({ view, timezone, onEdit, onGone }: DetailProps) {
  const { experiment, reading, plan } = view;
  const marks = useMarks(view.begun, view.ended);
  return (
    <article className={classes.detail} aria-labelledby="hypothesis">
      <header>
        <p className={classes.over}>
          {STATES[view.state]} · {experiment.program} · {since(view, timezone)}
        </p>
        <h1 className={classes.hypothesis} id="hypothesis">
          {experiment.hypothesis}
        </h1>
      </header>
      {view.ended_why && (
        <p className={classes.ended}>
          Ended by {view.ended_by}: {view.ended_why}
        </p>
      )}
      {view.begun && <MarkList marks={marks} timezone={timezone} />}
      {reading ? <Reading view={view} reading={reading} timezone={timezone} /> : view.begun && <p role="alert">{view.reading_why}</p>}
      <section aria-labelledby="plan">
        <h2 className={classes.small} id="plan">
          {view.locked ? `What was locked on ${day(view.locked, timezone)}` : "What would be locked"}
        </h2>
        <p className={classes.plan}>{plan?.sentence ?? view.plan_why}</p>
        <dl className={classes.facts}>
          <Fact name="The occasion">{view.trigger_name}</Fact>
          <Fact name="Read is">
            {view.step_name} within {inWords(experiment.horizon)}, {experiment.better === "more" ? "more is better" : "fewer is better"}
          </Fact>
          {view.goal_name && <Fact name="Beside it">{view.goal_name}</Fact>}
          <Fact name="Smallest effect worth having">{points(experiment.smallest)}</Fact>
          <Fact name="Treated">
            {percent(experiment.treated_share)} of {experiment.unit === "account" ? "accounts" : "people"}
          </Fact>
          {experiment.protest && <Fact name="Counts as protest">{experiment.protest}</Fact>}
          {plan && (
            <Fact name="From own history">
              {percent(plan.rate)} of {count(plan.units_seen)} got there, {day(plan.from, timezone)} to {day(plan.to, timezone)}
            </Fact>
          )}
        </dl>
      </section>
      <ExperimentActs view={view} onEdit={onEdit} onGone={onGone} />
    </article>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>
        <Worded text={name} />
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

function points(share: number): string {
  const value = Math.round(share * 1000) / 10;
  return `${value} point${value === 1 ? "" : "s"}`;
}

function since(view: ExperimentView, timezone: string): string {
  if (view.ended) return `until ${day(view.ended, timezone)}`;
  if (view.begun) return `since ${day(view.begun, timezone)}${left(view)}`;
  return `written by ${view.author} on ${day(view.written, timezone)}`;
}

function left(view: ExperimentView): string {
  const weeks = view.reading?.verdict.weeks_left;
  if (weeks === null || weeks === undefined) return "";
  return `, about ${count(Math.max(1, Math.ceil(weeks)))} more week${Math.ceil(weeks) > 1 ? "s" : ""}`;
}
