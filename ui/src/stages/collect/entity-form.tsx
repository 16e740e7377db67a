/** A new entity: its name and the property that names it, then what it takes, then the building. */

import { Button, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { useDeclare, useEntityCost } from "@/api/collect-queries.ts";
import { useColumns } from "@/api/queries.ts";
import type { EntityCost } from "@/api/types.ts";
import { count } from "@/lib/format.ts";
import parts from "@/stages/settings/parts.module.css";
import { Refusal } from "@/ui/refusal.tsx";
import { worded } from "@/ui/worded.tsx";
import classes from "./collect.module.css";

const MIB = 1_048_576;
const NAMES_NOBODY = ["event", "value", "cost", "source", "currency"];

interface Said {
  readonly name: string;
  readonly by: string;
}

export function EntityForm({ busy }: { readonly busy: boolean }) {
  const [name, setName] = useState("");
  const [by, setBy] = useState<string | null>(null);
  const [said, setSaid] = useState<Said | null>(null);
  const columns = useColumns(true);
  const cost = useEntityCost(said);
  const add = useDeclare();
  const names = (columns.data ?? []).map((one) => one.name).filter((one) => !NAMES_NOBODY.includes(one));
  return (
    <>
      <form
        className={parts.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (by) setSaid({ name, by });
        }}
      >
        <TextInput size="xs" label="What one is called" placeholder="account" required autoComplete="off" value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Select size="xs" w={240} label={worded("The property that names it")} placeholder="account_id" searchable required data={names} value={by} onChange={setBy} nothingFoundMessage="No such property" />
        <Button size="xs" type="submit" variant="default" loading={cost.isFetching} disabled={add.isPending}>
          Say what it takes
        </Button>
      </form>
      {said && cost.isError && <Refusal error={cost.error} />}
      {said && cost.data && (
        <div className={parts.form}>
          <p className={classes.line} aria-live="polite">
            {costWords(cost.data)}
          </p>
          <Button size="xs" disabled={busy} loading={add.isPending} onClick={() => add.mutate({ method: "POST", path: "/entities", body: said })}>
            Build it
          </Button>
        </div>
      )}
      {add.isError && <Refusal error={add.error} />}
    </>
  );
}

function costWords({ name, entities, events, without, bytes, seconds, exact }: EntityCost): string {
  const about = exact ? "" : "about ";
  return `${name}: ${about}${count(entities)} with ${about}${count(events)} events; ${about}${count(without)} events belong to none. It takes about ${count(Math.max(1, Math.round(bytes / MIB)))} MB on the disk and ${count(seconds)} s.`;
}
