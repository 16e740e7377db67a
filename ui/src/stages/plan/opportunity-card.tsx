/** One accepted opportunity: what it was expected to be worth, what became of it, who does it until when. */

import { Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import { useChangeOpportunity } from "@/api/plan-queries.ts";
import type { Opportunity, OpportunityChange } from "@/api/types.ts";
import { about, aboutMoney, day, inSigns, likely, money } from "@/lib/format.ts";
import { History } from "@/stages/plan/history.tsx";
import { STATES } from "@/stages/plan/states.ts";
import { Figure } from "@/ui/figure.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import classes from "./plan.module.css";
import { LIKELY } from "@/lib/terms.ts";
import { worded } from "@/ui/worded.tsx";

interface CardProps {
  readonly one: Opportunity;
  readonly timezone: string;
  readonly experiments: readonly { readonly id: string; readonly hypothesis: string }[];
  readonly lit: boolean;
}

export function OpportunityCard({ one, timezone, experiments, lit }: CardProps) {
  const change = useChangeOpportunity(one.id);
  const say = (said: OpportunityChange) => change.mutate(said);
  return (
    <article className={classes.card} data-lit={lit} aria-labelledby={`opportunity-${one.id}`}>
      <div>
        <h3 className={classes.title} id={`opportunity-${one.id}`}>
          {inSigns(one.title, one.currency)}
        </h3>
        <p className={classes.worth}>
          Expected: <Figure meaning={expectedMeaning(one, timezone)}>about <b>{aboutMoney(one.expected.per_month, one.currency)}</b> a month</Figure>{" "}
          <span className={classes.soft}>({likely(one.expected.interval, about)}), locked on {day(one.accepted, timezone)}</span>
        </p>
        <p className={classes.happened}>
          {inSigns(one.happened, one.currency)}
          {one.overdue && one.due && <strong className={classes.late}> ▲ Due since {day(one.due, "UTC")}.</strong>}
        </p>
        <p className={classes.links}>
          <Link href={`/map?map=${encodeURIComponent(one.map)}&step=${encodeURIComponent(one.step)}`}>{one.step_name}</Link>
          {one.experiment && <Link href={`/learn?experiment=${encodeURIComponent(one.experiment)}`}>Its experiment</Link>}
        </p>
      </div>
      <div className={classes.fields}>
        <Select size="xs" label="State" allowDeselect={false} data={STATES.map(({ state, name }) => ({ value: state, label: name }))} value={one.state} onChange={(state) => state && say({ state })} />
        <Text label="Owner" placeholder="Nobody yet" value={one.owner} onSay={(owner) => say({ owner })} />
        <Text label="Due" type="date" value={one.due} onSay={(due) => say({ due })} />
        <Select size="xs" label={worded("Experiment")} clearable placeholder="None" data={experiments.map(({ id, hypothesis }) => ({ value: id, label: hypothesis }))} value={one.experiment} onChange={(experiment) => say({ experiment })} />
        <div className={classes.note}>
          <Text label="Note" value={one.note} onSay={(note) => say({ note })} />
        </div>
      </div>
      {change.error && <Refusal error={change.error} />}
      <History one={one} timezone={timezone} onUndo={say} />
    </article>
  );
}

interface TextProps {
  readonly label: string;
  readonly value: string | null;
  readonly placeholder?: string;
  readonly type?: "date";
  readonly onSay: (text: string | null) => void;
}

/** A field that is kept when it is left or Enter is pressed; a key on the value starts it anew when that changes. */
function Text(props: TextProps) {
  return <Field key={props.value ?? ""} {...props} />;
}

function Field({ label, value, placeholder, type, onSay }: TextProps) {
  const [text, setText] = useState(value ?? "");
  const keep = () => {
    if (text !== (value ?? "")) onSay(text || null);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        keep();
      }}
    >
      <TextInput size="xs" label={label} type={type ?? "text"} placeholder={placeholder ?? ""} value={text} onChange={(event) => setText(event.currentTarget.value)} onBlur={keep} />
    </form>
  );
}

function expectedMeaning(one: Opportunity, timezone: string) {
  return {
    what: "What it was worth a month when it was accepted; this never changes.",
    lines: [
      `${likely(one.expected.interval, (value) => money(value, one.currency))}. ${LIKELY}`,
      inSigns(one.because, one.currency),
      `Accepted by ${one.accepted_by} on ${day(one.accepted, timezone)}; ${one.map}, version ${one.revision}, data ${one.snapshot}.`,
    ],
  };
}
