/** Restraint: quiet hours, the cap over all programs, the comparison group, the guardrail. */

import { NumberInput, Switch, TextInput } from "@mantine/core";
import type { PartProps } from "@/stages/act/program-form.tsx";
import classes from "./act.module.css";
import { worded } from "@/ui/worded.tsx";

const QUIET = { begin: "21:00", end: "08:00", zone: null };
const GUARDRAIL = { mutes_per_send: 0.01, error: 0.05, event: null, within: "14d" };

export function RestraintFields({ program, set, holdoutLocked }: PartProps & { readonly holdoutLocked: boolean }) {
  const { quiet_hours: quiet, cap, guardrail } = program;
  return (
    <section className={classes.section} aria-label="Restraint">
      <h2 className={classes.small}>Restraint</h2>
      <div className={classes.form}>
        <div className={classes.two}>
          <NumberInput required min={0} max={90} suffix=" %" disabled={holdoutLocked} label={worded("Comparison group")} description={holdoutLocked ? "Fixed since the first start." : "Gets nothing, so that one can see whether it works."} value={Math.round(program.holdout * 1000) / 10} onChange={(value) => set({ holdout: Number(value) / 100 })} />
          <NumberInput required min={1} max={100} label="Contacts at most" description="Of one person, over all programs." value={cap.contacts} onChange={(value) => set({ cap: { ...cap, contacts: Number(value) } })} />
          <TextInput required label="Within" description="14d." value={cap.within} onChange={(event) => set({ cap: { ...cap, within: event.currentTarget.value } })} />
          <TextInput required label="Too late after" description="An older occasion is let go." value={program.too_late} onChange={(event) => set({ too_late: event.currentTarget.value })} />
        </div>
        <Switch label={worded("Quiet hours")} checked={quiet !== null} onChange={(event) => set({ quiet_hours: event.currentTarget.checked ? QUIET : null })} />
        {quiet && (
          <div className={classes.two}>
            <TextInput required label="From" value={quiet.begin} onChange={(event) => set({ quiet_hours: { ...quiet, begin: event.currentTarget.value } })} />
            <TextInput required label="To" value={quiet.end} onChange={(event) => set({ quiet_hours: { ...quiet, end: event.currentTarget.value } })} />
            <TextInput label="Time zone is in" description="The property that holds the person's; else the workspace's." value={quiet.zone ?? ""} onChange={(event) => set({ quiet_hours: { ...quiet, zone: event.currentTarget.value || null } })} />
          </div>
        )}
        <Switch label={worded("Stop it when too many mute")} checked={guardrail !== null} onChange={(event) => set({ guardrail: event.currentTarget.checked ? GUARDRAIL : null })} />
        {guardrail && (
          <div className={classes.two}>
            <NumberInput required min={0.01} max={99} suffix=" %" decimalScale={2} label={worded("Mutes per send")} description="More than chance can explain stops it." value={Math.round(guardrail.mutes_per_send * 1e4) / 100} onChange={(value) => set({ guardrail: { ...guardrail, mutes_per_send: Number(value) / 100 } })} />
            <TextInput label={worded("A mute is")} description="A rule over an event; the link in the message always is one." placeholder="event = 'Muted'" value={guardrail.event ?? ""} onChange={(event) => set({ guardrail: { ...guardrail, event: event.currentTarget.value || null } })} />
          </div>
        )}
      </div>
    </section>
  );
}
