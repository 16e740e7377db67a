/** Writes a question or message: what it says, where, to whom, how often and until when; with what to mend and a preview. */

import { Button, NumberInput, SegmentedControl, Select, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useAskFindings, useSaveAsk } from "@/api/ask-queries.ts";
import { usePicture } from "@/api/queries.ts";
import { useAddress } from "@/api/address.ts";
import type { PageAsk } from "@/api/types.ts";
import { Findings } from "@/stages/act/findings.tsx";
import { AskPreview } from "@/stages/act/pages/ask-preview.tsx";
import { idFor } from "@/stages/act/pages/words.ts";
import { Refusal } from "@/ui/refusal.tsx";
import classes from "../act.module.css";

interface AskFormProps {
  readonly first: PageAsk;
  readonly taken: readonly string[];
  readonly onSaved: (id: string) => void;
  readonly onCancel: () => void;
}

export function AskForm({ first, taken, onSaved, onCancel }: AskFormProps) {
  const [said, setSaid] = useState(first);
  const set = (change: Partial<PageAsk>) => setSaid((now) => ({ ...now, ...change }));
  const ask = first.id ? said : { ...said, id: idFor(said.name, taken) };
  const save = useSaveAsk();
  const findings = useAskFindings(ask).data ?? [];
  return (
    <form
      className={classes.form}
      aria-label="Question or message"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(ask, { onSuccess: () => onSaved(ask.id) });
      }}
    >
      <div className={classes.split}>
        <div className={classes.form}>
          <Says said={said} set={set} />
          <Shown said={said} set={set} />
        </div>
        <div className={`${classes.form ?? ""} ${classes.sticky ?? ""}`}>
          <AskPreview ask={ask} />
          <Findings findings={findings} />
        </div>
      </div>
      {save.error && <Refusal error={save.error} />}
      <div className={classes.acts}>
        <Button type="submit" loading={save.isPending}>
          Save
        </Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

interface Part {
  readonly said: PageAsk;
  readonly set: (change: Partial<PageAsk>) => void;
}

function Says({ said, set }: Part) {
  return (
    <>
      <TextInput required label="Name" description="For you; people do not see it." value={said.name} onChange={(event) => set({ name: event.currentTarget.value })} />
      <SegmentedControl
        aria-label="Kind"
        data={[
          { value: "question", label: "One question" },
          { value: "message", label: "Message" },
        ]}
        value={said.kind}
        onChange={(kind) => set({ kind: kind === "message" ? "message" : "question" })}
      />
      <Textarea required autosize label="What it says" maxLength={300} value={said.text} onChange={(event) => set({ text: event.currentTarget.value })} />
      {said.kind === "question" && (
        <Select
          label="Answered by"
          allowDeselect={false}
          data={[
            { value: "scale", label: "A number from 0 to 10" },
            { value: "choices", label: "One of some choices" },
            { value: "words", label: "Their own words" },
          ]}
          value={said.answers}
          onChange={(value) => set({ answers: value === "words" ? "words" : value === "choices" ? "choices" : "scale" })}
        />
      )}
      {said.kind === "question" && said.answers === "choices" && <Textarea autosize minRows={2} label="Choices, one a line" value={said.choices.join("\n")} onChange={(event) => set({ choices: event.currentTarget.value.split("\n") })} />}
      {said.kind === "message" && (
        <div className={classes.two}>
          <TextInput label="Leads to" placeholder="/prices" value={said.link ?? ""} onChange={(event) => set({ link: event.currentTarget.value || null })} />
          <TextInput label="Words on the link" value={said.label ?? ""} onChange={(event) => set({ label: event.currentTarget.value || null })} />
        </div>
      )}
    </>
  );
}

function Shown({ said, set }: Part) {
  const { selection } = useAddress();
  const document = usePicture(selection).data?.document;
  const steps = (document?.steps ?? []).filter((one) => one.rule !== null).map((one) => ({ value: one.id, label: one.name }));
  return (
    <>
      <div className={classes.two}>
        <TextInput label="On pages" description="A path; * stands for anything." value={said.page} onChange={(event) => set({ page: event.currentTarget.value })} />
        <Select clearable label="When the page sends" description="A step of the map." placeholder="As the page opens" data={steps} value={said.step} onChange={(step) => set({ step, map: step === null ? null : (document?.name ?? null) })} />
        <TextInput label="Only on the site" description="Name of its key; every site unless said." value={said.site ?? ""} onChange={(event) => set({ site: event.currentTarget.value || null })} />
        <NumberInput label="Of 100 browsers" description="So many may see it." min={0} max={100} value={Math.round(said.share * 10_000) / 100} onChange={(value) => set({ share: Number(value) / 100 })} />
        <TextInput label="Left alone for" description="Since anything was asked or told: 30d." value={said.wait} onChange={(event) => set({ wait: event.currentTarget.value })} />
        <NumberInput label={said.kind === "question" ? "Enough answers" : "Enough who saw it"} description="Shown no more after so many." min={1} value={said.enough ?? ""} onChange={(value) => set({ enough: value === "" ? null : Number(value) })} />
        <TextInput type="date" label="Last day" description="Empty: it has none." value={said.until ?? ""} onChange={(event) => set({ until: event.currentTarget.value || null })} />
      </div>
    </>
  );
}
