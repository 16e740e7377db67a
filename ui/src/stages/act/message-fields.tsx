/** What the message says and how it leaves. */

import { Autocomplete, SegmentedControl, Textarea, TextInput } from "@mantine/core";
import { useColumns } from "@/api/queries.ts";
import type { PartProps } from "@/stages/act/program-form.tsx";
import classes from "./act.module.css";
import { worded } from "@/ui/worded.tsx";

export function MessageFields({ program, set }: PartProps) {
  const { message } = program;
  const columns = useColumns(true);
  const say = (change: Partial<typeof message>) => set({ message: { ...message, ...change } });
  return (
    <section className={classes.section} aria-label="Message">
      <h2 className={classes.small}>Message</h2>
      <div className={classes.form}>
        <SegmentedControl
          aria-label="Channel"
          data={[
            { value: "email", label: "Mail" },
            { value: "webhook", label: worded("Webhook") },
          ]}
          value={program.channel}
          onChange={(channel) => set({ channel: channel === "webhook" ? "webhook" : "email" })}
        />
        <div className={classes.two}>
          <TextInput required label={worded("Purpose")} description="Consent is given for it." value={program.purpose} onChange={(event) => set({ purpose: event.currentTarget.value })} />
          {program.channel === "email" && (
            <Autocomplete required label="Address is in" description="The property that holds it." data={(columns.data ?? []).map((column) => column.name)} value={program.address} onChange={(address) => set({ address })} />
          )}
        </div>
        <TextInput label="Subject" value={message.subject} onChange={(event) => say({ subject: event.currentTarget.value })} />
        <Textarea autosize minRows={8} maxRows={22} label="Text" description="{{ person.name }} stands for what is known of the person, {{ unsubscribe }} for the way out, {{ why }} for the reason." value={message.text} onChange={(event) => say({ text: event.currentTarget.value })} />
        <Textarea autosize minRows={2} maxRows={16} label="HTML" description="Optional; the same, set in HTML." value={message.html ?? ""} onChange={(event) => say({ html: event.currentTarget.value || null })} />
      </div>
    </section>
  );
}
