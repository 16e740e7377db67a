/** People who may log in: their roles, new passwords, logging out everywhere, and new people. */

import { Button, PasswordInput, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { ROLES, useChange, useLogins } from "@/api/login-queries.ts";
import type { LoginRow } from "@/api/types.ts";
import { count, moment } from "@/lib/format.ts";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { Refused } from "@/stages/settings/refused.tsx";
import { Section } from "@/stages/settings/section.tsx";
import { DataTable } from "@/ui/data-table.tsx";
import { LoadingState } from "@/ui/states.tsx";
import classes from "./parts.module.css";

interface LoginsSectionProps {
  readonly me: string | null;
  readonly timezone: string;
}

const MAY = "A viewer reads. An editor changes maps, plans and drafts too. A sender also starts programs and sends. An admin also gives roles and keys, excludes people and undoes imports.";

export function LoginsSection(props: LoginsSectionProps) {
  const logins = useLogins(true);
  return (
    <Section title="People and roles" about={MAY}>
      {logins.isPending && <LoadingState what="Reading the logins" />}
      {logins.isError && <Failed error={logins.error} retry={() => void logins.refetch()} />}
      {logins.data && <List rows={logins.data} {...props} />}
      {logins.data && <Add first={logins.data.length === 0} />}
    </Section>
  );
}

function List({ rows, me, timezone }: LoginsSectionProps & { readonly rows: readonly LoginRow[] }) {
  const change = useChange();
  const path = (row: LoginRow) => `/api/run/logins/${encodeURIComponent(row.name)}`;
  if (rows.length === 0) return <p className={classes.said}>Nobody has to log in: everybody at this machine is an admin. That ends with the first login.</p>;
  return (
    <>
      <DataTable
        caption={`${count(rows.length)} ${rows.length === 1 ? "person" : "people"}`}
        rows={rows}
        keyOf={(row) => row.name}
        columns={[
          { name: "Name", sort: (row) => row.name, show: (row) => (row.name === me ? `${row.name} (you)` : row.name) },
          {
            name: "Role",
            sort: (row) => ROLES.findIndex((one) => one === row.role),
            show: (row) => (
              <Select
                size="xs"
                w={110}
                aria-label={`Role of ${row.name}`}
                allowDeselect={false}
                data={[...ROLES]}
                value={row.role}
                onChange={(role) => change.mutate({ method: "PUT", path: path(row), body: { role } })}
              />
            ),
          },
          { name: "Last here", sort: (row) => row.seen, show: (row) => (row.seen ? moment(row.seen, timezone) : "never") },
          { name: "Browsers", right: true, sort: (row) => row.sessions, show: (row) => count(row.sessions) },
          { name: "Change", show: (row) => <Verbs row={row} me={me} act={(method, below, body) => change.mutate({ method, path: path(row) + below, body })} /> },
        ]}
      />
      <Refused error={change.error} />
    </>
  );
}

interface VerbsProps {
  readonly row: LoginRow;
  readonly me: string | null;
  readonly act: (method: "PUT" | "DELETE", below: string, body?: unknown) => void;
}

function Verbs({ row, me, act }: VerbsProps) {
  const [asking, setAsking] = useState<"password" | "remove" | null>(null);
  const [password, setPassword] = useState("");
  if (asking === "password")
    return (
      <form
        className={classes.verbs}
        onSubmit={(event) => {
          event.preventDefault();
          act("PUT", "", { password });
          setAsking(null);
          setPassword("");
        }}
      >
        <PasswordInput size="xs" w={190} autoFocus autoComplete="new-password" aria-label={`New password of ${row.name}`} value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
        <Button size="xs" type="submit">
          Set it
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={() => setAsking(null)}>
          Leave it
        </Button>
      </form>
    );
  if (asking === "remove")
    return (
      <div className={classes.verbs}>
        <Button size="xs" color="red" onClick={() => act("DELETE", "")}>
          Remove {row.name}
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={() => setAsking(null)}>
          Keep
        </Button>
      </div>
    );
  return (
    <div className={classes.verbs}>
      <Button size="compact-xs" variant="default" onClick={() => setAsking("password")}>
        New password
      </Button>
      <Button size="compact-xs" variant="default" disabled={row.sessions === 0} onClick={() => act("DELETE", "/sessions")}>
        Log out everywhere
      </Button>
      <Button size="compact-xs" variant="default" disabled={row.name === me} onClick={() => setAsking("remove")}>
        Remove
      </Button>
    </div>
  );
}

function Add({ first }: { readonly first: boolean }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<string>(first ? "admin" : "viewer");
  const change = useChange(() => {
    setName("");
    setPassword("");
    setRole("viewer");
  });
  return (
    <>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ method: "POST", path: "/api/run/logins", body: { name, role, password } });
        }}
      >
        <TextInput size="xs" label="Name" autoComplete="off" required withAsterisk={false} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <PasswordInput size="xs" w={190} label="Password" autoComplete="new-password" required withAsterisk={false} value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
        <Select size="xs" w={110} label="Role" allowDeselect={false} data={[...ROLES]} value={role} onChange={(value) => setRole(value ?? "viewer")} />
        <Button size="xs" type="submit" loading={change.isPending}>
          Add a login
        </Button>
      </form>
      {first && <p className={classes.said}>The first login is an admin&apos;s. You log in with it right after.</p>}
      <Refused error={change.error} />
    </>
  );
}
