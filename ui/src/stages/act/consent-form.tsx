/** Writes down what one person answered, and how one knows. */

import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import { type ConsentSaid, useAnswer } from "@/api/act-queries.ts";
import { Refusal } from "@/ui/refusal.tsx";
import classes from "./act.module.css";
import { worded } from "@/ui/worded.tsx";

const BLANK: ConsentSaid = { person: "", channel: "email", purpose: "product mail", given: true, proof: "" };

export function ConsentForm() {
  const [said, setSaid] = useState(BLANK);
  const answer = useAnswer();
  const set = (change: Partial<ConsentSaid>) => setSaid((now) => ({ ...now, ...change }));
  return (
    <form
      className={classes.form}
      style={{ marginTop: 16 }}
      aria-label="One person's answer"
      onSubmit={(event) => {
        event.preventDefault();
        answer.mutate(said, { onSuccess: () => set({ person: "", proof: "" }) });
      }}
    >
      <div className={classes.two}>
        <TextInput required label="Person" value={said.person} onChange={(event) => set({ person: event.currentTarget.value })} />
        <TextInput required label={worded("Purpose")} value={said.purpose} onChange={(event) => set({ purpose: event.currentTarget.value })} />
        <SegmentedControl aria-label="Channel" data={[{ value: "email", label: "Mail" }, { value: "webhook", label: worded("Webhook") }]} value={said.channel} onChange={(channel) => set({ channel: channel === "webhook" ? "webhook" : "email" })} />
        <SegmentedControl aria-label="Answer" data={[{ value: "yes", label: "Agrees" }, { value: "no", label: "Withdraws" }]} value={said.given ? "yes" : "no"} onChange={(value) => set({ given: value === "yes" })} />
      </div>
      <TextInput required label="How one knows" placeholder="Ticked the box at sign-up on 3 May, form 12" value={said.proof} onChange={(event) => set({ proof: event.currentTarget.value })} />
      <div className={classes.acts}>
        <Button type="submit" variant="light" loading={answer.isPending}>
          Write it down
        </Button>
        {answer.isSuccess && <p role="status">Written down; it counts from now on.</p>}
      </div>
      {answer.error && <Refusal error={answer.error} />}
    </form>
  );
}
