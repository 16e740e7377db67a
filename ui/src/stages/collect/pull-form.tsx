/** Something more to pull: which list of which tool, what it is called, its secret, and what that list needs to know. */

import { Button, PasswordInput, Select, Textarea, TextInput } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";
import { useConnectors, useDataChange } from "@/api/collect-queries.ts";
import type { ConnectorRow, PullRow } from "@/api/types.ts";
import parts from "@/stages/settings/parts.module.css";
import { Refusal } from "@/ui/refusal.tsx";
import classes from "./collect.module.css";

export function PullForm() {
  const connectors = useConnectors();
  const [chosen, setChosen] = useState<string | null>(null);
  const rows = connectors.data ?? [];
  const connector = rows.find((one) => one.name === chosen);
  return (
    <>
      <div className={parts.form}>
        <Select
          size="xs"
          w={360}
          label="What to pull from now on"
          placeholder="A list of a tool"
          searchable
          clearable
          data={rows.map(({ name, title }) => ({ value: name, label: title }))}
          value={chosen}
          onChange={setChosen}
          nothingFoundMessage="No such list: its export can be imported as a file"
        />
      </div>
      {connectors.isError && <Refusal error={connectors.error} />}
      {connector && <Fields key={connector.name} connector={connector} onDone={() => setChosen(null)} />}
    </>
  );
}

interface FieldsProps {
  readonly connector: ConnectorRow;
  readonly onDone: () => void;
}

/** What a list needs to know; a secret is sent once, and never comes back. */
function Fields({ connector, onDone }: FieldsProps) {
  const [name, setName] = useState(connector.name);
  const [secret, setSecret] = useState("");
  const [settings, setSettings] = useState<Readonly<Record<string, string>>>({});
  const [more, setMore] = useState("");
  const [every, setEvery] = useState("");
  const [since, setSince] = useState("");
  const add = useDataChange<readonly PullRow[]>(onDone);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    add.mutate({ method: "POST", path: "/pulls", body: { name, connector: connector.name, secret, settings: { ...settings, ...pairsOf(more) }, every, since } });
  };
  return (
    <>
      <form className={classes.fields} onSubmit={submit}>
        {connector.notes.length > 0 && (
          <ul className={`${classes.notes} ${classes.across}`}>
            {connector.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        )}
        <TextInput size="xs" label="What to call it" description="Small letters, digits and dashes." required autoComplete="off" value={name} onChange={(event) => setName(event.currentTarget.value)} />
        {connector.secret && <PasswordInput size="xs" label="Secret" description={`${capital(connector.secret)}. Kept, and not shown again.`} required autoComplete="new-password" value={secret} onChange={(event) => setSecret(event.currentTarget.value)} />}
        {Object.entries(connector.settings).map(([key, what]) => (
          <TextInput key={key} size="xs" label={key} description={`${capital(what)}.`} required autoComplete="off" value={settings[key] ?? ""} onChange={(event) => setSettings({ ...settings, [key]: event.currentTarget.value })} />
        ))}
        <TextInput size="xs" label="How often" description="A number and a unit: 30m, 6h, 7d." placeholder={connector.every} autoComplete="off" value={every} onChange={(event) => setEvery(event.currentTarget.value)} />
        <TextInput size="xs" type="date" label="From which day on" description="Empty: the last 30 days, or all where a list knows no days." value={since} onChange={(event) => setSince(event.currentTarget.value)} />
        <Textarea size="xs" label="More, one a line" description={`name=value. It may be told: ${connector.more.join(", ")}.`} autosize minRows={1} maxRows={6} value={more} onChange={(event) => setMore(event.currentTarget.value)} />
        <Button size="xs" type="submit" className={classes.verb} loading={add.isPending}>
          Pull it from now on
        </Button>
      </form>
      {add.isError && <Refusal error={add.error} />}
    </>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function pairsOf(text: string): Readonly<Record<string, string>> {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return Object.fromEntries(
    lines.map((line) => {
      const [key = "", ...rest] = line.split("=");
      return [key.trim(), rest.join("=").trim()];
    }),
  );
}
