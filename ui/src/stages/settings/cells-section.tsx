/** Of how few people a number may be that lower roles get. */

import { Button, NumberInput, Select } from "@mantine/core";
import { useState } from "react";
import { ROLES } from "@/api/login-queries.ts";
import { useCells, useDeclareCells } from "@/api/privacy-queries.ts";
import type { SmallCells } from "@/api/types.ts";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { Refused } from "@/stages/settings/refused.tsx";
import { Section } from "@/stages/settings/section.tsx";
import { LoadingState } from "@/ui/states.tsx";
import classes from "./parts.module.css";

const MOST = 1000;

export function CellsSection() {
  const found = useCells();
  return (
    <Section title="Small cells" about="Lower roles are shown no number of fewer people, nothing that would tell one, and no single people: lists and timelines are refused to them.">
      {found.isPending && <LoadingState what="Reading what is left out" />}
      {found.isError && <Failed error={found.error} retry={() => void found.refetch()} />}
      {found.data && <Form view={found.data} />}
    </Section>
  );
}

function Form({ view }: { readonly view: SmallCells }) {
  const declare = useDeclareCells();
  const [said, say] = useState<number | string>(view.fewest === 0 ? "" : view.fewest);
  const least = Number(said);
  const good = said !== "" && Number.isInteger(least) && least >= 2 && least <= MOST;
  return (
    <>
      <p className={classes.said}>{view.fewest === 0 ? "Every number is shown to all, of however few people." : `Roles below ${view.seen_by} are shown nothing of fewer than ${view.fewest} people.`}</p>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (good) declare.mutate({ fewest: least, seen_by: view.seen_by });
        }}
      >
        <NumberInput size="xs" label="Fewest people" min={2} max={MOST} allowDecimal={false} value={said} onChange={say} />
        <Select size="xs" label="All is shown from" data={[...ROLES]} value={view.seen_by} allowDeselect={false} onChange={(role) => role && declare.mutate({ fewest: view.fewest, seen_by: role })} />
        <Button size="xs" type="submit" loading={declare.isPending} disabled={!good}>
          Leave fewer out
        </Button>
        {view.fewest > 0 && (
          <Button size="xs" variant="default" loading={declare.isPending} onClick={() => declare.mutate({ fewest: 0, seen_by: view.seen_by }, { onSuccess: () => say("") })}>
            Show every number
          </Button>
        )}
      </form>
      <Refused error={declare.error} />
    </>
  );
}
