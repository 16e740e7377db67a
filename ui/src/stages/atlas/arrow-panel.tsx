/** The inspector of an arrow: who takes it, how long it takes, what a point of it is worth and how that is known. */

import type { Arrow } from "@/api/types.ts";
import { namesOf } from "@/charts/download.ts";
import { afterMeaning, arrowPeopleMeaning, pointMeaning, timeMeaning } from "@/charts/meaning.ts";
import { aboutMoney, count, duration, likely, money, percent } from "@/lib/format.ts";
import { useAtlas } from "@/stages/atlas/atlas-context.ts";
import { Fact, Facts, Section } from "@/stages/atlas/facts.tsx";
import { Figure } from "@/ui/figure.tsx";
import { SidePanel } from "@/ui/side-panel.tsx";
import classes from "./facts.module.css";

interface ArrowPanelProps {
  readonly from: string;
  readonly to: string;
  readonly onClose: () => void;
}

export function ArrowPanel({ from, to, onClose }: ArrowPanelProps) {
  const { picture } = useAtlas();
  const drawn = picture.arrows.find(({ arrow }) => arrow.from === from && arrow.to === to);
  if (!drawn) return null;
  const name = namesOf(picture.document);
  const title = drawn.kind === "loop" ? `${name(from)}, again` : `${name(from)} → ${name(to)}`;
  const kind = { forward: "forward move", loop: "loop", return: "return" }[drawn.kind];
  return (
    <SidePanel title={title} under={kind} onClose={onClose}>
      <Worth arrow={drawn.arrow} />
      <Figures arrow={drawn.arrow} />
      <Section title="How this is computed">
        <p>
          One point is one more visit in 100 whose next step is {name(to)}, taken from those who would have left. It is worth what those who took the
          arrow bring from there on, less what leaving brings, times the people who come in a month.
        </p>
        <p className={classes.soft}>Assumes that those moved behave like those who took the arrow.</p>
        {drawn.arrow.memory && <p className={classes.soft}>This step has memory: what came before changes what comes next. Read the price with care.</p>}
      </Section>
    </SidePanel>
  );
}

function Worth({ arrow }: { readonly arrow: Arrow }) {
  const { picture, timezone } = useAtlas();
  const { price } = picture;
  return (
    <Section title="What it is worth">
      {arrow.per_month === null ? (
        <p>Not known{arrow.why ? `: ${arrow.why}` : ""}.</p>
      ) : (
        <p>
          One more in 100 is worth about{" "}
          <Figure meaning={pointMeaning(arrow, price, timezone)}>
            <b>{aboutMoney(arrow.per_month, price.currency)}</b>
          </Figure>{" "}
          a month{arrow.per_month_interval && ` (${likely(arrow.per_month_interval)})`}.
        </p>
      )}
    </Section>
  );
}

function Figures({ arrow }: { readonly arrow: Arrow }) {
  const { picture, openPeople, timezone } = useAtlas();
  const { price } = picture;
  return (
    <Section title="Figures">
      <Facts>
        <Fact name="People a month">
          <Figure meaning={arrowPeopleMeaning(arrow, price, timezone)} onOpen={() => openPeople({ kind: "arrow", from: arrow.from, to: arrow.to })}>
            {count(arrow.people_per_month)} ({count(arrow.people)} in the period)
          </Figure>
        </Fact>
        <Fact name="Times">{count(arrow.visits)}</Fact>
        <Fact name="Share of visits">{arrow.share === null ? "not known" : percent(arrow.share)}</Fact>
        <Fact name="Time, middle case">
          {arrow.median_seconds === null ? "not known" : <Figure meaning={timeMeaning(arrow, price, timezone)}>{duration(arrow.median_seconds)}</Figure>}
        </Fact>
        {arrow.mean_seconds !== null && <Fact name="Time, average">{duration(arrow.mean_seconds)}</Fact>}
        <Fact name="Worth a person from there on">
          {arrow.value_per_person === null ? (
            "not known"
          ) : (
            <Figure meaning={afterMeaning(arrow, price, timezone)}>
              {money(arrow.value_per_person, price.currency)}
              {arrow.interval && ` (${likely(arrow.interval, (value) => money(value, ""))})`}
            </Figure>
          )}
        </Fact>
        {arrow.gain_per_point !== null && <Fact name="One point, each who comes in">{money(arrow.gain_per_point, price.currency)}</Fact>}
        {arrow.model_spread && (
          <Fact name="Between halves of the data">
            {money(arrow.model_spread[0], price.currency)} to {money(arrow.model_spread[1], price.currency)} a month
          </Fact>
        )}
      </Facts>
    </Section>
  );
}
