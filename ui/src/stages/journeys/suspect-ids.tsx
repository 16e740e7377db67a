/** Ids that look shared by several people: what was said of them is kept, and joins nobody. */

import { useSuspects } from "@/api/collect-queries.ts";
import type { IdLinks, Suspect } from "@/api/types.ts";
import { count } from "@/lib/format.ts";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { Section } from "@/stages/settings/section.tsx";
import { DataTable } from "@/ui/data-table.tsx";
import { LoadingState } from "@/ui/states.tsx";
import { said } from "./person-ids.tsx";
import classes from "./person-ids.module.css";

const WHY: Readonly<Record<Suspect["why"], (ids: number) => string>> = {
  nobody: (ids) => `is written where there is no id; linked to ${count(ids)}`,
  shared: (ids) => `was told to be ${count(ids)} others: a kiosk, a shared device or mailbox`,
  many: (ids) => `is linked to ${count(ids)} others, more than one person has`,
  crowd: (ids) => `is one of ${count(ids)} ids that links join, more than one person has`,
};

export function SuspectIds({ timezone }: { readonly timezone: string }) {
  const found = useSuspects();
  return (
    <Section title="Shared ids" about="Ids that several people seem to bear. Links that name them are kept, and join nobody until it is clear whose they are.">
      {found.isPending && <LoadingState what="Looking at which ids are one" />}
      {found.isError && <Failed error={found.error} retry={() => void found.refetch()} />}
      {found.data && <p className={classes.link}>{words(found.data)}</p>}
      {found.data && found.data.suspects.length > 0 && (
        <DataTable<Suspect>
          caption={`${count(found.data.suspects.length)} ids join nobody`}
          rows={found.data.suspects}
          keyOf={(row) => row.id}
          columns={[
            { name: "Id", sort: (row) => row.id, show: (row) => row.id },
            { name: "Why", sort: (row) => -row.ids, show: (row) => WHY[row.why](row.ids) },
            { name: "Last said", show: (row) => last(found.data, row, timezone) },
          ]}
        />
      )}
    </Section>
  );
}

function words({ standing, possible, taken }: IdLinks): string {
  if (standing + taken === 0) return "Nobody has said yet that two ids are one person.";
  return `${count(standing)} links stand, ${count(possible)} of them not sure enough to join anybody; ${count(taken)} were taken back.`;
}

function last(found: IdLinks, row: Suspect, timezone: string): string {
  const link = found.links.find((one) => one.one === row.id || one.other === row.id);
  return link ? `${link.one} is ${link.other}: ${said(link, timezone)}` : "";
}
