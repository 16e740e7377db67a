/** How messages leave, and who agreed to what. */

import { Button, NumberInput, PasswordInput, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { useActSettings, useKeepChannels } from "@/api/act-queries.ts";
import type { ActSettings, Channels as Settings } from "@/api/types.ts";
import { Asking } from "@/app/asking.tsx";
import { count } from "@/lib/format.ts";
import { ConsentForm } from "@/stages/act/consent-form.tsx";
import { DataTable } from "@/ui/data-table.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import classes from "./act.module.css";
import { Worded } from "@/ui/worded.tsx";

const SECURITY = [
  { value: "starttls", label: "STARTTLS" },
  { value: "tls", label: "TLS" },
  { value: "none", label: "none" },
];

export function Channels() {
  const settings = useActSettings();
  return (
    <Asking query={settings} what="Reading the channels">
      {(found) => (
        <div className={classes.detail}>
          <h1 className={classes.title}>How messages leave, and who agreed</h1>
          <ChannelForm settings={found} />
          <Consents settings={found} />
        </div>
      )}
    </Asking>
  );
}

function ChannelForm({ settings }: { readonly settings: ActSettings }) {
  const [said, setSaid] = useState<Settings>(settings.channels);
  const keep = useKeepChannels();
  const mail = (change: Partial<Settings["email"]>) => setSaid((now) => ({ ...now, email: { ...now.email, ...change } }));
  const hook = (change: Partial<Settings["webhook"]>) => setSaid((now) => ({ ...now, webhook: { ...now.webhook, ...change } }));
  const { email, webhook } = said;
  return (
    <form
      className={classes.section}
      aria-label="Channels"
      onSubmit={(event) => {
        event.preventDefault();
        keep.mutate(said);
      }}
    >
      <h2 className={classes.small}>Mail {settings.email_ready ? "● ready" : "○ not set up"}</h2>
      <div className={classes.two}>
        <TextInput label="Server" placeholder="smtp.company.example" value={email.host} onChange={(event) => mail({ host: event.currentTarget.value })} />
        <TextInput label="From" placeholder="news@company.example" value={email.sender} onChange={(event) => mail({ sender: event.currentTarget.value })} />
        <NumberInput label="Port" min={1} max={65535} value={email.port} onChange={(value) => mail({ port: Number(value) })} />
        <Select label="Encryption" allowDeselect={false} data={SECURITY} value={email.security} onChange={(value) => mail({ security: value === "tls" ? "tls" : value === "none" ? "none" : "starttls" })} />
        <TextInput label="Login" autoComplete="off" value={email.login ?? ""} onChange={(event) => mail({ login: event.currentTarget.value || null })} />
        <PasswordInput label="Password" autoComplete="new-password" description="Kept, and not shown again." value={email.password ?? ""} onChange={(event) => mail({ password: event.currentTarget.value || null })} />
      </div>
      <h2 className={classes.small} style={{ marginTop: 18 }}>
        <Worded text={`Webhook ${settings.webhook_ready ? "● ready" : "○ not set up"}`} />
      </h2>
      <div className={classes.two}>
        <TextInput label="Address" placeholder="https://company.example/hook" value={webhook.url} onChange={(event) => hook({ url: event.currentTarget.value })} />
        <PasswordInput label="Secret" autoComplete="off" description="Signs by Standard Webhooks: whsec_ and base64." value={webhook.secret} onChange={(event) => hook({ secret: event.currentTarget.value })} />
        <TextInput label="Where people reach this server" description="Stands before the unsubscribe address in every message." value={said.address} onChange={(event) => setSaid((now) => ({ ...now, address: event.currentTarget.value }))} />
      </div>
      <div className={classes.acts} style={{ marginTop: 14 }}>
        <Button type="submit" loading={keep.isPending}>
          Save
        </Button>
        {keep.isSuccess && <p role="status">Saved.</p>}
      </div>
      {keep.error && <Refusal error={keep.error} />}
    </form>
  );
}

function Consents({ settings }: { readonly settings: ActSettings }) {
  return (
    <section className={classes.section} aria-label="Consent">
      <h2 className={classes.small}>
        <Worded text="Consent" />
      </h2>
      {settings.consents.length === 0 ? (
        <p className={classes.soft}>Nobody has agreed to anything yet, so nothing can be sent. Write down what people told you, with its proof.</p>
      ) : (
        <DataTable
          caption="Who agrees now"
          rows={settings.consents}
          keyOf={(row) => `${row.channel} ${row.purpose}`}
          columns={[
            { name: "Channel", sort: (row) => row.channel, show: (row) => row.channel },
            { name: "Purpose", sort: (row) => row.purpose, show: (row) => row.purpose },
            { name: "Agree", right: true, sort: (row) => row.given, show: (row) => count(row.given) },
            { name: "Withdrew", right: true, sort: (row) => row.withdrawn, show: (row) => count(row.withdrawn) },
          ]}
        />
      )}
      <ConsentForm />
    </section>
  );
}
