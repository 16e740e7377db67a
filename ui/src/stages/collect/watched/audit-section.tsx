/** Whether each source still sends what it sent: findings with their day, a score, and the audits of days before. */

import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { useMay } from "@/api/login-queries.ts";
import type { AuditLine } from "@/api/types.ts";
import { useAudit, useAudits, useMakeAudit } from "@/api/watched-queries.ts";
import { Asking } from "@/app/asking.tsx";
import { count, moment } from "@/lib/format.ts";
import { Section } from "@/stages/settings/section.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import { DataTable } from "@/ui/data-table.tsx";
import classes from "../collect.module.css";
import { AuditedSources } from "./audited-sources.tsx";
import { localDay } from "./words.ts";

export function AuditSection({ timezone }: { readonly timezone: string }) {
  const audits = useAudits();
  const make = useMakeAudit();
  const may = useMay("editor");
  return (
    <Section title="Data quality" about="Whether each source still sends what it sent: events that stopped, volume, properties, what came twice, clocks, robots, consent. Looked at every night.">
      <Asking query={audits} what="Reading the audits">
        {(lines) => (
          <>
            {lines.length === 0 && <p className={classes.line}>Nobody has looked yet.</p>}
            {may && (
              <Button size="xs" variant={lines.length === 0 ? "filled" : "default"} loading={make.isPending} onClick={() => make.mutate()}>
                Look now
              </Button>
            )}
            {make.isError && <Refusal error={make.error} />}
            {lines.length > 0 && <Audited lines={lines} timezone={timezone} />}
          </>
        )}
      </Asking>
    </Section>
  );
}

function Audited({ lines, timezone }: { readonly lines: readonly AuditLine[]; readonly timezone: string }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const day = chosen !== null && lines.some((line) => line.day === chosen) ? chosen : (lines[0]?.day ?? null);
  const audit = useAudit(day);
  return (
    <>
      <Asking query={audit} what="Reading the audit">
        {(report) => (
          <>
            <div className={classes.bar}>
              <NativeSelect size="xs" label="Audit of" value={day ?? ""} onChange={(event) => setChosen(event.currentTarget.value)} data={lines.map((line) => ({ value: line.day, label: localDay(line.day) }))} />
              <span className={classes.quiet}>Up to the end of that day; made {moment(report.made, timezone)}.</span>
            </div>
            <AuditedSources sources={report.sources} />
          </>
        )}
      </Asking>
      {lines.length > 1 && (
        <details>
          <summary>History of {count(lines.length)} audits</summary>
          <History lines={lines} />
        </details>
      )}
    </>
  );
}

function History({ lines }: { readonly lines: readonly AuditLine[] }) {
  return (
    <DataTable
      caption="Findings that lasted on that day"
      rows={lines}
      keyOf={(row) => row.day}
      columns={[
        { name: "Day", sort: (row) => row.day, show: (row) => localDay(row.day) },
        { name: "Worst score", right: true, sort: (row) => row.score ?? -1, show: (row) => (row.score === null ? "" : count(row.score)) },
        { name: "Broken", right: true, sort: (row) => row.broken, show: (row) => count(row.broken) },
        { name: "Attention", right: true, sort: (row) => row.attention, show: (row) => count(row.attention) },
        { name: "Notice", right: true, sort: (row) => row.notice, show: (row) => count(row.notice) },
        { name: "Sources", show: (row) => row.sources.map((one) => `${one.source} ${count(one.score)}`).join(", ") },
      ]}
    />
  );
}
