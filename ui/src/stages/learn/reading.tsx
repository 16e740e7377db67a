/** The read-out: the verdict in words first, then the interval, whether to believe it, and the three blocks. */

import type { ExperimentView, ReadOut } from "@/api/types.ts";
import { count, day } from "@/lib/format.ts";
import { Blocks } from "@/stages/learn/blocks.tsx";
import { IntervalDrawing } from "@/stages/learn/interval-drawing.tsx";
import { markOf } from "@/stages/learn/words.ts";
import { Figure } from "@/ui/figure.tsx";
import classes from "./reading.module.css";

interface ReadingProps {
  readonly view: ExperimentView;
  readonly reading: ReadOut;
  readonly timezone: string;
}

export function Reading({ view, reading, timezone }: ReadingProps) {
  const { experiment } = view;
  const mark = markOf(reading.verdict.word);
  return (
    <>
      <p className={classes.verdict} data-part="verdict">
        <span data-tone={mark.tone} aria-hidden="true">
          {mark.sign}{" "}
        </span>
        {reading.verdict.sentence}
      </p>
      {reading.interval && (
        <figure className={classes.figure}>
          <IntervalDrawing reading={reading} experiment={experiment} />
          <figcaption className={classes.soft}>Treated less held out, in points. Shaded: less than the {pointsOf(experiment.smallest)} worth having.</figcaption>
        </figure>
      )}
      <ul className={classes.notes}>
        <li>
          <Figure meaning={kindMeaning(reading)}>
            {reading.interval_kind === "planned"
              ? `The ${count(reading.planned_units)} planned have had their time: this no longer moves.`
              : `${count(reading.finished)} of ${count(reading.planned_units)} planned have had their time. You may look every day.`}
          </Figure>
        </li>
        <li>
          <Figure
            meaning={{
              what: "Whether the arms are as large as was drawn, by the exact binomial test.",
              lines: [`p = ${reading.ratio.p.toPrecision(2)}; under 0.001 nothing of the difference is believed.`],
            }}
          >
            {reading.ratio.sentence.charAt(0).toUpperCase() + reading.ratio.sentence.slice(1)}
          </Figure>
        </li>
        {reading.notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
        {reading.until && <li>Data until {day(reading.until, timezone)}.</li>}
      </ul>
      <Blocks reading={reading} horizon={inWords(experiment.horizon)} protest={experiment.protest !== null} />
    </>
  );
}

function kindMeaning(reading: ReadOut) {
  return reading.interval_kind === "planned"
    ? { what: "The 95 % interval of Newcombe for the planned units, read once.", lines: ["A program without effect is called working at most 5 times in 100, looks before included."] }
    : { what: "An interval that stays right however often one looks: the truth is outside at any look at most 5 times in 100.", lines: ["It is wider than one read once at the planned size."] };
}

function pointsOf(share: number): string {
  const value = Math.round(share * 1000) / 10;
  return `${value} point${value === 1 ? "" : "s"}`;
}

const UNITS: Record<string, string> = { h: "hour", d: "day", w: "week" };

/** "14d" as people say it. */
export function inWords(horizon: string): string {
  const [, many = "", unit = ""] = /^([\d.]+)\s*([a-z]+)$/.exec(horizon) ?? [];
  const name = UNITS[unit];
  return name ? `${many} ${name}${many === "1" ? "" : "s"}` : horizon;
}
