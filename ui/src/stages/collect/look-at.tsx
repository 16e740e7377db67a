/** What a file seems to be: its columns with the reason of each guess, to confirm or correct, and its first rows. */

import { Button } from "@mantine/core";
import { useState } from "react";
import { type ColumnsSaid, useDataChange, useLook } from "@/api/collect-queries.ts";
import type { RunningImport, SeenFile, Upload } from "@/api/types.ts";
import { count } from "@/lib/format.ts";
import { NEEDED, RoleFields } from "@/stages/collect/role-fields.tsx";
import { DataTable } from "@/ui/data-table.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import { LoadingState } from "@/ui/states.tsx";
import classes from "./collect.module.css";

interface LookAtProps {
  readonly upload: Upload;
  readonly onBegun: (running: RunningImport) => void;
  readonly onForget: () => void;
}

export function LookAt({ upload, onBegun, onForget }: LookAtProps) {
  const [said, setSaid] = useState<ColumnsSaid>({});
  const look = useLook(upload.id, said);
  const begin = useDataChange<RunningImport>(onBegun);
  const seen = look.data;
  const guessed = Object.fromEntries(seen?.roles.flatMap((role) => (role.column ? [[role.name, role.column]] : [])) ?? []);
  const all: ColumnsSaid = { ...guessed, ...said };
  const confirmable = seen && !seen.sure && !seen.trouble && NEEDED.every((role) => all[role]);
  const say = (role: string, column: string) => setSaid((now) => ({ ...now, [role]: column }));
  return (
    <div>
      <p className={classes.line}>
        <strong>{upload.name}</strong> {seen && <Sentence seen={seen} />}
      </p>
      {look.isPending && <LoadingState what="Looking at the file" onCancel={onForget} />}
      {seen && <RoleFields seen={seen} said={said} onSay={say} />}
      {seen && seen.notes.length > 0 && (
        <ul className={classes.notes}>
          {seen.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {look.isError && <Refusal error={look.error} />}
      {begin.isError && <Refusal error={begin.error} />}
      <div className={classes.bar}>
        {confirmable && (
          <Button size="xs" variant="light" loading={look.isFetching} onClick={() => setSaid(all)}>
            Yes, these are the columns
          </Button>
        )}
        <Button size="xs" disabled={!seen?.sure || look.isFetching} loading={begin.isPending} onClick={() => begin.mutate({ method: "POST", path: `/uploads/${upload.id}/import`, body: said })}>
          Import
        </Button>
        <Button size="xs" variant="default" onClick={onForget}>
          Leave it
        </Button>
      </div>
      {seen && seen.sample.length > 0 && <Sample seen={seen} />}
    </div>
  );
}

function Sentence({ seen }: { readonly seen: SeenFile }) {
  if (seen.trouble) return <>cannot be imported like this. {seen.trouble}</>;
  const open = seen.roles.filter((role) => !role.sure).length;
  if (!seen.sure) return <>is read. {open === 1 ? "One column is not sure: say what it is." : `${count(open)} columns are not sure: say what they are.`}</>;
  if (seen.rejected === 0) return <>is read. All {count(seen.rows)} rows that were looked at can be stored.</>;
  return (
    <>
      is read. {count(seen.rejected)} of the {count(seen.rows + seen.rejected)} rows that were looked at cannot be stored and would be kept with their reason: {seen.reasons[0]}
    </>
  );
}

type Row = SeenFile["sample"][number];

function Sample({ seen }: { readonly seen: SeenFile }) {
  const rows = seen.sample.map((row, place) => ({ ...row, place }));
  return (
    <DataTable
      caption="First rows as they would be stored"
      rows={rows}
      keyOf={(row) => String(row.place)}
      columns={[
        ...(seen.daily ? [] : [{ name: "Person", show: (row: Row) => row.person }]),
        { name: seen.daily ? "Measure" : "Event", show: (row) => row.event },
        { name: seen.daily ? "Day" : "Time", show: (row) => row.time },
        { name: "Value", right: true, show: (row) => (row.value === null ? "" : count(row.value)) },
        { name: "Properties", show: (row) => row.properties.map(([name, value]) => `${name} ${value}`).join(" · ") },
      ]}
    />
  );
}
