/** When it begins and for whom: the step, the wait, the goal, the audience. */

import { SegmentedControl, Select, Textarea, TextInput } from "@mantine/core";
import type { MapDocument } from "@/api/types.ts";
import type { PartProps } from "@/stages/act/program-form.tsx";
import classes from "./act.module.css";
import { worded } from "@/ui/worded.tsx";

export function TriggerFields({ program, set, document }: PartProps & { readonly document: MapDocument }) {
  const steps = document.steps.filter((step) => step.rule !== null).map((step) => ({ value: step.id, label: step.name }));
  const stalls = program.trigger === "stalls";
  return (
    <section className={classes.section} aria-label="When and for whom">
      <h2 className={classes.small}>When and for whom</h2>
      <div className={classes.form}>
        <TextInput required label="Name" value={program.name} onChange={(event) => set({ name: event.currentTarget.value })} />
        <SegmentedControl
          aria-label="It begins when a person"
          data={[
            { value: "enters", label: "Enters the step" },
            { value: "stalls", label: "Stays at the step" },
          ]}
          value={program.trigger}
          onChange={(trigger) => set(trigger === "stalls" ? { trigger, stalls_after: program.stalls_after ?? "2d" } : { trigger: "enters", stalls_after: null })}
        />
        <div className={classes.two}>
          <Select required searchable label={worded("Step")} data={steps} value={program.step} onChange={(step) => set({ step: step ?? "" })} />
          {stalls ? (
            <TextInput required label="Stays for" description="No other step in this time: 36h, 2d." value={program.stalls_after ?? ""} onChange={(event) => set({ stalls_after: event.currentTarget.value })} />
          ) : (
            <TextInput required label="Wait" description="Before it decides: 0m, 2h, 1d." value={program.wait} onChange={(event) => set({ wait: event.currentTarget.value })} />
          )}
          <Select clearable searchable label={worded("Goal")} description="Who takes this step gets nothing more." data={steps} value={program.goal} onChange={(goal) => set({ goal })} />
          <TextInput required label="Again" description="never, or the least time between: 7d." value={program.again} onChange={(event) => set({ again: event.currentTarget.value })} />
        </div>
        <Textarea autosize minRows={1} label="Who" description="A rule over what is known of the person; empty for everybody." placeholder="plan = 'pro' and not did('Buys')" value={program.who ?? ""} onChange={(event) => set({ who: event.currentTarget.value || null })} />
        <TextInput label="Ends early when" description="A rule over an event; empty for none." placeholder="event = 'Ticket Opened'" value={program.exit ?? ""} onChange={(event) => set({ exit: event.currentTarget.value || null })} />
      </div>
    </section>
  );
}
