/** One's own password. */

import { Button, PasswordInput } from "@mantine/core";
import { useState } from "react";
import { useChange } from "@/api/login-queries.ts";
import { Refused } from "@/stages/settings/refused.tsx";
import { Section } from "@/stages/settings/section.tsx";
import classes from "./parts.module.css";

export function PasswordSection() {
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const change = useChange(() => {
    setOld("");
    setFresh("");
  });
  return (
    <Section title="My password" about="Your other browsers have to log in again; this one stays.">
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ method: "POST", path: "/api/run/password", body: { old, new: fresh } });
        }}
      >
        <PasswordInput size="xs" w={210} label="Until now" autoComplete="current-password" required withAsterisk={false} value={old} onChange={(event) => setOld(event.currentTarget.value)} />
        <PasswordInput size="xs" w={210} label="From now on" autoComplete="new-password" required withAsterisk={false} value={fresh} onChange={(event) => setFresh(event.currentTarget.value)} />
        <Button size="xs" type="submit" loading={change.isPending}>
          Change it
        </Button>
      </form>
      {change.isSuccess && (
        <p className={classes.said} role="status">
          It is changed.
        </p>
      )}
      <Refused error={change.error} />
    </Section>
  );
}
