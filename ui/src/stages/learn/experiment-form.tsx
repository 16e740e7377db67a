/** Writes an experiment down: what is believed, of which program, what is read, and what is worth having. */

import { Autocomplete, Button, NumberInput, SegmentedControl, Select, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import { get } from "@/api/client.ts";
import { useProgramsToTest, useWriteExperiment } from "@/api/learn-queries.ts";
import type { ExperimentSaid, MapDocument, ProgramView } from "@/api/types.ts";
import { idOf } from "@/stages/learn/id-of.ts";
import { Refusal } from "@/ui/refusal.tsx";
import classes from "./learn.module.css";
import { worded } from "@/ui/worded.tsx";

interface FormProps {
  readonly document: MapDocument;
  readonly before: ExperimentSaid | null;
  readonly taken: readonly string[];
  readonly onWritten: (id: string) => void;
  readonly onCancel: () => void;
}

export function ExperimentForm({ document, before, taken, onWritten, onCancel }: FormProps) {
  const steps = document.steps.filter((step) => step.rule !== null).map((step) => ({ value: step.id, label: step.name }));
  const [said, setSaid] = useState<ExperimentSaid>(before ?? blank(document));
  const programs = useProgramsToTest();
  const write = useWriteExperiment();
  const set = (change: Partial<ExperimentSaid>) => setSaid((now) => ({ ...now, ...change }));
  // What is still blank comes from the program that is chosen.
  const fill = async (id: string) => {
    const { program } = await get<ProgramView>(`/api/act/programs/${encodeURIComponent(id)}`, new URLSearchParams());
    setSaid((now) => ({ ...now, program: id, trigger: now.trigger || program.step, step: now.step || (program.goal ?? ""), treated_share: before ? now.treated_share : 1 - program.holdout }));
  };
  return (
    <form
      className={classes.form}
      aria-label="Experiment"
      onSubmit={(event) => {
        event.preventDefault();
        const id = before ? said.id : idOf(said.program || said.hypothesis, taken);
        write.mutate({ ...said, id }, { onSuccess: (view) => onWritten(view.experiment.id) });
      }}
    >
      <h1 className={classes.hypothesis}>{before ? "Change the draft" : "What do you believe, and how would you know?"}</h1>
      <Textarea required autosize minRows={2} label={worded("Hypothesis")} description="One sentence: what will change, for whom, and why." value={said.hypothesis} onChange={(event) => set({ hypothesis: event.currentTarget.value })} />
      <Autocomplete required label={worded("Program")} description="Its treated are compared with its held out." data={[...(programs.data ?? [])]} value={said.program} onChange={(program) => set({ program })} onOptionSubmit={(program) => void fill(program).catch(() => null)} />
      {programs.data?.length === 0 && (
        <p className={classes.said}>
          There is no program to read yet. <Link href="/act?do=new">Draft a program</Link>
        </p>
      )}
      <div className={classes.two}>
        <Select required searchable label={worded("The occasion")} description="The step at which the program decides." data={steps} value={said.trigger || null} onChange={(trigger) => set({ trigger: trigger ?? "" })} />
        <Select required searchable label="Read is" description="The one step that decides." data={steps} value={said.step || null} onChange={(step) => set({ step: step ?? "" })} />
        <TextInput required label="Within" description="After the occasion: 14d, 6h." value={said.horizon} onChange={(event) => set({ horizon: event.currentTarget.value })} />
        <Select clearable searchable label="Beside it" description="A later step; it never decides." data={steps} value={said.goal ?? null} onChange={(goal) => set({ goal })} />
        <NumberInput required min={0.1} max={90} suffix=" points" label="Smallest effect worth having" description="Below it you would not bother." value={round(100 * said.smallest)} onChange={(value) => set({ smallest: Number(value) / 100 })} />
        <NumberInput required min={5} max={95} suffix=" %" label={worded("Treated")} description="The program's own share." value={round(100 * said.treated_share)} onChange={(value) => set({ treated_share: Number(value) / 100 })} />
      </div>
      <div className={classes.two}>
        <SegmentedControl aria-label="Better is" data={[{ value: "more", label: "More is better" }, { value: "fewer", label: "Fewer is better" }]} value={said.better} onChange={(better) => set({ better: better === "fewer" ? "fewer" : "more" })} />
        <SegmentedControl aria-label="Treated or held out is" data={[{ value: "person", label: "Each person" }, { value: "account", label: "Each account" }]} value={said.unit} onChange={(unit) => set({ unit: unit === "account" ? "account" : "person" })} />
      </div>
      <TextInput label={worded("Counts as protest")} description="A rule over events, such as a mute or a ticket. More of them among the treated stop the program." placeholder="event = 'Muted'" value={said.protest ?? ""} onChange={(event) => set({ protest: event.currentTarget.value || null })} />
      {write.error && <Refusal error={write.error} />}
      <div className={classes.acts}>
        <Button type="submit" loading={write.isPending}>
          Write it down
        </Button>
        <Button variant="subtle" color="gray" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function blank(document: MapDocument): ExperimentSaid {
  return { id: "", hypothesis: "", program: "", map: document.name, step: "", trigger: "", horizon: "14d", smallest: 0.05, better: "more", treated_share: 0.5, unit: "person", goal: null, protest: null };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
