/** Settings: who may log in, keys, my password, jobs. */

import { useMay, useMe } from "@/api/login-queries.ts";
import { useWorkspace } from "@/api/queries.ts";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { CellsSection } from "@/stages/settings/cells-section.tsx";
import { ErasuresSection } from "@/stages/settings/erasures-section.tsx";
import { JobsTable } from "@/stages/settings/jobs-table.tsx";
import { KeepSection } from "@/stages/settings/keep-section.tsx";
import { KeysSection } from "@/stages/settings/keys-section.tsx";
import { LoginsSection } from "@/stages/settings/logins-section.tsx";
import { PasswordSection } from "@/stages/settings/password-section.tsx";
import { PrivateSection } from "@/stages/settings/private-section.tsx";
import { Section } from "@/stages/settings/section.tsx";
import { LoadingState } from "@/ui/states.tsx";
import classes from "./settings-page.module.css";

export function SettingsPage() {
  const me = useMe();
  const workspace = useWorkspace();
  const admin = useMay("admin");
  if (workspace.isError) return <Failed error={workspace.error} retry={() => void workspace.refetch()} />;
  if (workspace.isPending || me.isPending) return <LoadingState what="Opening the workspace" />;
  const { timezone } = workspace.data;
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>Settings</h1>
      {admin ? <LoginsSection me={me.data?.name ?? null} timezone={timezone} /> : <Mine role={me.data?.role ?? "viewer"} />}
      {me.data?.name && <PasswordSection />}
      {admin && <KeysSection timezone={timezone} />}
      {admin && <PrivateSection />}
      {admin && <CellsSection />}
      {admin && <KeepSection timezone={timezone} />}
      {admin && <ErasuresSection timezone={timezone} />}
      <Section title="Jobs" about="What happens by itself while the server runs. Two servers never run the same one at the same time.">
        <JobsTable timezone={timezone} />
      </Section>
    </div>
  );
}

function Mine({ role }: { readonly role: string }) {
  return (
    <Section title="My role" about={`You are here as ${role}. An admin gives roles and keys.`}>
      {null}
    </Section>
  );
}
