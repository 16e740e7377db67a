/** Keys by which programs hand in events: made, shown once, removed. */

import { Button, Code, CopyButton, TextInput } from "@mantine/core";
import { useState } from "react";
import { useChange, useKeys } from "@/api/login-queries.ts";
import type { KeyRow } from "@/api/types.ts";
import { count, moment } from "@/lib/format.ts";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { Refused } from "@/stages/settings/refused.tsx";
import { Section } from "@/stages/settings/section.tsx";
import { DataTable } from "@/ui/data-table.tsx";
import { LoadingState } from "@/ui/states.tsx";
import classes from "./parts.module.css";

export function KeysSection({ timezone }: { readonly timezone: string }) {
  const keys = useKeys(true);
  const [name, setName] = useState("");
  const [made, setMade] = useState<string | null>(null);
  const create = useChange<{ readonly key: string }>((answer) => {
    setMade(answer.key);
    setName("");
  });
  const remove = useChange();
  return (
    <Section title="Keys" about="A program that hands in events sends its key along, as Authorization: Bearer or X-Write-Key. A key may hand in events and nothing else.">
      {keys.isPending && <LoadingState what="Reading the keys" />}
      {keys.isError && <Failed error={keys.error} retry={() => void keys.refetch()} />}
      {keys.data?.length === 0 && <p className={classes.said}>No keys so far. Give each program its own, so that one can be removed alone.</p>}
      {keys.data && keys.data.length > 0 && (
        <DataTable<KeyRow>
          caption={`${count(keys.data.length)} ${keys.data.length === 1 ? "key" : "keys"}`}
          rows={keys.data}
          keyOf={(row) => row.name}
          columns={[
            { name: "For", sort: (row) => row.name, show: (row) => row.name },
            { name: "May", show: (row) => (row.scope === "ingest" ? "hand in events" : row.scope) },
            { name: "Made", sort: (row) => row.created, show: (row) => moment(row.created, timezone) },
            { name: "Last used", sort: (row) => row.used, show: (row) => (row.used ? moment(row.used, timezone) : "never") },
            {
              name: "Change",
              show: (row) => (
                <Button size="compact-xs" variant="default" aria-label={`Remove the key for ${row.name}`} onClick={() => remove.mutate({ method: "DELETE", path: `/api/run/keys/${encodeURIComponent(row.name)}` })}>
                  Remove
                </Button>
              ),
            },
          ]}
        />
      )}
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({ method: "POST", path: "/api/run/keys", body: { name } });
        }}
      >
        <TextInput size="xs" label="What the key is for" required autoComplete="off" value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Button size="xs" type="submit" loading={create.isPending}>
          Make a key
        </Button>
      </form>
      {made && (
        <p className={classes.said} role="status">
          <Code className={classes.secret ?? ""}>{made}</Code>{" "}
          <CopyButton value={made}>
            {({ copied, copy }) => (
              <Button size="compact-xs" onClick={copy}>
                {copied ? "Copied" : "Copy it"}
              </Button>
            )}
          </CopyButton>{" "}
          It is shown this once.
        </p>
      )}
      <Refused error={create.error ?? remove.error} />
    </Section>
  );
}
