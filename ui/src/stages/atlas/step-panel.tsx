/** The inspector of a step: what is wrong, what to do, then every figure, its moves and its rule. */

import { Anchor, Button } from "@mantine/core";
import { Link, useSearch } from "wouter";
import type { MapStep, StepFigures } from "@/api/types.ts";
import { namesOf } from "@/charts/download.ts";
import { leaveMeaning, lostMeaning, peopleMeaning, worthMeaning } from "@/charts/meaning.ts";
import { aboutMoney, count, duration, inSigns, likely, money, percent } from "@/lib/format.ts";
import { useAtlas, useStep } from "@/stages/atlas/atlas-context.ts";
import { Fact, Facts, Section } from "@/stages/atlas/facts.tsx";
import { arrowId, moves } from "@/stages/atlas/map-input.ts";
import { markOf } from "@/stages/atlas/marks.ts";
import { StepSigns } from "@/stages/atlas/step-signs.tsx";
import { Figure } from "@/ui/figure.tsx";
import { SidePanel } from "@/ui/side-panel.tsx";
import classes from "./facts.module.css";

export function StepPanel({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { picture } = useAtlas();
  const { step, figures } = useStep(id);
  if (!step) return null;
  const mark = markOf(step, figures, picture);
  const place = picture.document.steps.findIndex((one) => one.id === id) + 1;
  const words = [`step ${place}`, step.stage, step.owner && `owner ${step.owner}`, step.rule === null && "assumption", step.expires && `expires ${step.expires}`, step.entry && "journeys begin here", step.leaving && "means leaving"];
  return (
    <SidePanel title={step.name} under={words.filter(Boolean).join(" · ")} onClose={onClose}>
      {figures && <Wrong step={step} figures={figures} />}
      <Section title="Band">
        <p>
          {mark.shape} {mark.word}. <span className={classes.soft}>{mark.why}</span>
        </p>
      </Section>
      <Todo id={id} />
      {step.rule !== null && <DraftProgram id={id} />}
      {figures && <Figures figures={figures} />}
      <StepSigns step={step} />
      <Moves id={id} />
      <Section title="What counts as this step">
        {step.rule === null ? <p>Nothing in the data: only evidence speaks of it.</p> : <code className={classes.rule}>{step.rule}</code>}
        {step.link && (
          <p>
            <Anchor href={step.link} rel="noreferrer" target="_blank">
              More about it
            </Anchor>
          </p>
        )}
      </Section>
    </SidePanel>
  );
}

function Wrong({ figures }: { readonly step: MapStep; readonly figures: StepFigures }) {
  const { picture, openPeople, timezone } = useAtlas();
  const { price } = picture;
  const mendable = figures.mendable_per_month ?? 0;
  const exit = { kind: "arrow", from: figures.id, to: "exit" } as const;
  return (
    <Section title="What happens">
      <p>
        About{" "}
        <Figure meaning={leaveMeaning(figures, price, timezone)} onOpen={() => openPeople(exit)}>
          <b>{count(figures.leave_per_month)}</b>
        </Figure>{" "}
        of{" "}
        <Figure meaning={peopleMeaning(figures, price, timezone)} onOpen={() => openPeople({ kind: "step", step: figures.id })}>
          <b>{count(figures.people_per_month)}</b>
        </Figure>{" "}
        people a month end here.{figures.median_seconds !== null && ` Those who go on take ${duration(figures.median_seconds)} in the middle case.`}
      </p>
      {figures.lost_per_month !== null && figures.lost_per_month > 0 && (
        <p>
          Going on like the others they would have been worth about{" "}
          <Figure meaning={lostMeaning(figures, price, timezone)} onOpen={() => openPeople(exit)}>
            <b>{aboutMoney(figures.lost_per_month, price.currency)}</b>
          </Figure>{" "}
          a month
          {mendable > 0 && (
            <>
              ; about <b>{aboutMoney(mendable, price.currency)}</b> of it looks recoverable
            </>
          )}
          .
        </p>
      )}
    </Section>
  );
}

function Todo({ id }: { readonly id: string }) {
  const { picture, openPeople } = useAtlas();
  const { price } = picture;
  const rows = [...price.do_next, ...price.cannot_fix].filter((row) => row.from === id);
  if (rows.length === 0) return null;
  return (
    <Section title="Do">
      <ul className={classes.rows}>
        {rows.map((row) => (
          <li key={row.id}>
            <button type="button" className={classes.row} onClick={() => openPeople({ kind: "group", ...row.group, step: id })}>
              <span>
                {inSigns(row.title, price.currency)}
                <span className={classes.reason}>{inSigns(row.because, price.currency)}</span>
              </span>
              <b>{aboutMoney(row.per_month, price.currency)}</b>
            </button>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Two clicks from a step to a program: this one, and Save. */
function DraftProgram({ id }: { readonly id: string }) {
  const params = new URLSearchParams(useSearch());
  params.delete("step");
  params.set("do", "new");
  params.set("about", id);
  return (
    <Section title="Act">
      <Button component={Link} href={`/act?${params.toString()}`} size="compact-sm" variant="light">
        Draft a program
      </Button>
    </Section>
  );
}

function Figures({ figures }: { readonly figures: StepFigures }) {
  const { picture, openPeople, timezone } = useAtlas();
  const { price } = picture;
  return (
    <Section title="Figures">
      <Facts>
        <Fact name="People in the period">
          <Figure meaning={peopleMeaning(figures, price, timezone)} onOpen={() => openPeople({ kind: "step", step: figures.id })}>
            {count(figures.people)}
          </Figure>
        </Fact>
        <Fact name="Share of those who come in">{percent(figures.share)}</Fact>
        <Fact name="Visits">{count(figures.visits)}</Fact>
        <Fact name="Come here again next">{percent(figures.again_share)}</Fact>
        <Fact name="Leave">{figures.leave_share === null ? "not known" : `${percent(figures.leave_share)} of visits`}</Fact>
        {figures.tau_seconds !== null && <Fact name="Counts as left after">{duration(figures.tau_seconds)}</Fact>}
        <Fact name="Worth a person from here on">
          {figures.worth_per_person === null ? (
            (figures.why ?? "not known")
          ) : (
            <Figure meaning={worthMeaning(figures, price, timezone)}>
              {money(figures.worth_per_person, price.currency)}
              {figures.worth_interval && ` (${likely(figures.worth_interval, (value) => money(value, ""))})`}
            </Figure>
          )}
        </Fact>
      </Facts>
    </Section>
  );
}

function Moves({ id }: { readonly id: string }) {
  const { picture, openArrow } = useAtlas();
  const name = namesOf(picture.document);
  const touching = moves(picture).filter(({ arrow }) => arrow.people > 0 && (arrow.from === id || arrow.to === id));
  if (touching.length === 0) return null;
  const out = touching.filter(({ arrow }) => arrow.from === id);
  const into = touching.filter(({ arrow }) => arrow.to === id && arrow.from !== id);
  return (
    <Section title="Moves">
      <ul className={classes.rows}>
        {[...out, ...into].map(({ arrow }) => (
          <li key={arrowId(arrow)}>
            <button type="button" className={classes.row} onClick={() => openArrow(arrow)}>
              <span>{arrow.from === arrow.to ? "again" : arrow.from === id ? `to ${name(arrow.to)}` : `from ${name(arrow.from)}`}</span>
              <span>{count(arrow.people_per_month)} a month</span>
            </button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
