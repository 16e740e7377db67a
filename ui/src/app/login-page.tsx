/** Who must log in sees this and nothing else. */

import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { type ReactNode, useState } from "react";
import { useEnter, useMe } from "@/api/login-queries.ts";
import { Refused } from "@/stages/settings/refused.tsx";
import { ErrorState, LoadingState } from "@/ui/states.tsx";
import { ApiError } from "@/api/client.ts";
import classes from "./login-page.module.css";

/** Shows the app to who may see it, and the form to who has to log in first. */
export function LoginGate({ children }: { readonly children: ReactNode }) {
  const me = useMe();
  if (me.isPending) return <LoadingState what="Opening the workspace" />;
  if (me.isError)
    return (
      <ErrorState
        message={me.error.message}
        hint={me.error instanceof ApiError ? me.error.hint : "Try again."}
        code={me.error instanceof ApiError ? me.error.code : "UNKNOWN"}
        onRetry={() => void me.refetch()}
      />
    );
  return me.data.role === null ? <LoginPage /> : <>{children}</>;
}

function LoginPage() {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const enter = useEnter();
  useDocumentTitle("Log in · Pathworth");
  return (
    <main className={classes.page}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          enter.mutate({ name, password }, { onError: () => setPassword("") });
        }}
      >
        <h1 className={classes.title}>Log in to Pathworth</h1>
        <TextInput label="Name" autoFocus autoComplete="username" required withAsterisk={false} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <PasswordInput label="Password" autoComplete="current-password" required withAsterisk={false} value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
        <Refused error={enter.error} />
        <Button type="submit" loading={enter.isPending}>
          Log in
        </Button>
        <p className={classes.hint}>No login, or no password any more? An admin makes one under Settings, or on the machine with: pathworth login</p>
      </form>
    </main>
  );
}
