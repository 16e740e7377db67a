/** A card with its four things: name, people, band in shape and word, money lost. */

import { lostMeaning, peopleMeaning } from "@/charts/meaning.ts";
import { aboutMoney, count, duration, percent } from "@/lib/format.ts";
import { useAtlas, useStep } from "@/stages/atlas/atlas-context.ts";
import { cardMark, type Mark, visibleLoss } from "@/stages/atlas/marks.ts";
import { holesText, useHoles } from "@/stages/atlas/use-signs.ts";
import { Figure, type Meaning } from "@/ui/figure.tsx";
import classes from "./step-card.module.css";

interface StepCardProps {
  readonly id: string;
  readonly strength: number;
}

export function StepCard({ id, strength }: StepCardProps) {
  const { picture, lens, step: open, openStep, openPeople, timezone } = useAtlas();
  const { step, figures } = useStep(id);
  const holes = useHoles(id);
  if (!step) return null;
  const { price } = picture;
  const mark = cardMark(step, figures, picture);
  return (
    <article
      className={classes.card}
      data-step={id}
      data-assumption={step.rule === null}
      data-strength={lens === "money" ? strength : 0}
      data-open={open === id}
    >
      <button
        type="button"
        className={classes.cover}
        aria-label={`${step.name}: ${[mark?.word, holes > 0 && holesText(holes)].filter(Boolean).join(", ") || "open"}${mark || holes > 0 ? ". Open" : ""}`}
        aria-expanded={open === id}
        onClick={() => openStep(id)}
      />
      {holes > 0 && (
        <span className={classes.hole} title={holesText(holes)} aria-hidden="true">
          {"\u25cc"}
        </span>
      )}
      <h3 className={classes.name} title={step.name}>
        {step.name}
      </h3>
      {figures && (
        <p className={classes.people}>
          <Figure
            className={classes.press}
            meaning={peopleMeaning(figures, price, timezone)}
            label={`${count(figures.people_per_month)} · ${percent(figures.share)}: people a month at ${step.name}, and their share`}
            onOpen={() => openPeople({ kind: "step", step: id })}
          >
            <span data-part="people">{count(figures.people_per_month)}</span>
            <span className={classes.share} data-part="share">
              {" · "}
              {percent(figures.share)}
            </span>
          </Figure>
        </p>
      )}
      {mark && <MarkLine mark={mark} onPress={() => openStep(id)} />}
      <LastLine id={id} />
    </article>
  );
}

/** A press on the mark opens the step like the rest of the card; by keyboard the card itself does. */
function MarkLine({ mark, onPress }: { readonly mark: Mark; readonly onPress: () => void }) {
  return (
    <p className={classes.mark} data-shape={mark.shape} onClick={onPress}>
      <Figure meaning={{ what: mark.why, lines: [] }} className={classes.number}>
        <span aria-hidden="true" className={classes.shape}>
          {mark.shape}
        </span>{" "}
        {mark.word}
      </Figure>
    </p>
  );
}

function LastLine({ id }: { readonly id: string }) {
  const { picture, lens, openPeople, timezone } = useAtlas();
  const { figures } = useStep(id);
  const { price } = picture;
  if (!figures) return null;
  if (lens === "time")
    return figures.median_seconds === null ? null : (
      <p className={classes.last} data-part="median">
        <Figure className={classes.number} meaning={medianMeaning(figures.median_seconds)}>
          {duration(figures.median_seconds)}
        </Figure>
      </p>
    );
  const lost = visibleLoss(figures, price);
  if (lost === null) return null;
  return (
    <p className={classes.last}>
      <Figure
        className={classes.press}
        meaning={lostMeaning(figures, price, timezone)}
        label={`${aboutMoney(-lost, price.currency)} lost a month`}
        onOpen={() => openPeople({ kind: "arrow", from: id, to: "exit" })}
      >
        <span data-part="lost">{aboutMoney(-lost, price.currency)}</span>
        <span className={classes.unit}> lost</span>
      </Figure>
    </p>
  );
}

function medianMeaning(seconds: number): Meaning {
  return { what: "Time from entering this step to the next one, in the middle case.", lines: [`${duration(seconds)}.`] };
}
