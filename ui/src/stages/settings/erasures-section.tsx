/** Who was erased: by reference alone, each with its certificate. */

import { Button } from "@mantine/core";
import { useState } from "react";
import { useChange } from "@/api/login-queries.ts";
import { useErasures } from "@/api/privacy-queries.ts";
import type { Erasure } from "@/api/types.ts";
import { count, moment } from "@/lib/format.ts";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { Certificate } from "@/stages/settings/certificate.tsx";
import { Refused } from "@/stages/settings/refused.tsx";
import { Section } from "@/stages/settings/section.tsx";
import { DataTable } from "@/ui/data-table.tsx";
import { SideDrawer } from "@/ui/side-drawer.tsx";
import { LoadingState } from "@/ui/states.tsx";
import classes from "./parts.module.css";

const STATES: Readonly<Record<string, string>> = {
  masked: "○ unseen; files follow tonight",
  rewritten: "○ files are written anew",
  searched: "○ searched; the database follows",
  done: "● gone",
};

export function ErasuresSection({ timezone }: { readonly timezone: string }) {
  const found = useErasures(true);
  const [opened, open] = useState<Erasure | null>(null);
  const run = useChange(() => void found.refetch());
  const rows = found.data?.erasures ?? [];
  return (
    <Section title="Erased people" about="A person is erased from their page. The certificate says where they were, when they went and what a search of everything found; it holds no id.">
      {found.isPending && <LoadingState what="Reading the certificates" />}
      {found.isError && <Failed error={found.error} retry={() => void found.refetch()} />}
      {found.data && rows.length === 0 && <p className={classes.said}>Nobody was erased so far.</p>}
      {rows.length > 0 && (
        <DataTable<Erasure>
          caption={`${count(rows.length)} erased`}
          rows={rows}
          keyOf={(row) => row.reference}
          columns={[
            {
              name: "Certificate",
              sort: (row) => Number(row.reference.slice(2)),
              show: (row) => (
                <Button size="compact-xs" variant="default" aria-label={`Open certificate ${row.reference}`} onClick={() => open(row)}>
                  {row.reference}
                </Button>
              ),
            },
            { name: "Asked", sort: (row) => row.asked_at, show: (row) => moment(row.asked_at, timezone) },
            { name: "By", show: (row) => row.asked_by },
            { name: "State", sort: (row) => row.state, show: (row) => STATES[row.state] },
            { name: "Why", show: (row) => row.because },
          ]}
        />
      )}
      {(found.data?.waiting ?? 0) > 0 && (
        <div className={classes.form}>
          <Button size="xs" variant="default" loading={run.isPending} onClick={() => run.mutate({ method: "POST", path: "/api/run/jobs/erase/run" })}>
            Write the files anew now
          </Button>
        </div>
      )}
      <Refused error={run.error} />
      {opened && (
        <SideDrawer title={`Certificate ${opened.reference}`} onClose={() => open(null)}>
          <Certificate of={opened} timezone={timezone} />
        </SideDrawer>
      )}
    </Section>
  );
}
