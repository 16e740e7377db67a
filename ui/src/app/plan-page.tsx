/** Plan: what was accepted, who does it until when, and what became of what was expected. */

import { Button } from "@mantine/core";
import { Link, useSearchParams } from "wouter";
import { useExperiments } from "@/api/learn-queries.ts";
import { usePlan } from "@/api/plan-queries.ts";
import { useWorkspace } from "@/api/queries.ts";
import type { Opportunity } from "@/api/types.ts";
import { Asking } from "@/app/asking.tsx";
import { NoEvents } from "@/app/no-events.tsx";
import { usePageLink } from "@/app/page-link.ts";
import { aboutMoney } from "@/lib/format.ts";
import { OpportunityCard } from "@/stages/plan/opportunity-card.tsx";
import { STATES } from "@/stages/plan/states.ts";
import { EmptyState } from "@/ui/states.tsx";
import classes from "./plan-page.module.css";

export function PlanPage() {
  const plan = usePlan();
  return (
    <Asking query={plan} what="Asking each of them again">
      {(rows) => (rows.length === 0 ? <Empty /> : <Rows rows={rows} />)}
    </Asking>
  );
}

function Empty() {
  const link = usePageLink();
  const workspace = useWorkspace();
  if (workspace.data?.events === 0) return <NoEvents then="What is worth doing is worked out from them." />;
  return (
    <EmptyState
      title="Nothing is planned yet"
      text="Accept a card of Do next: what it is worth is locked that day, and later held against what became of it."
      action={
        <Button component={Link} href={link("/value")}>
          Go to Do next
        </Button>
      }
    />
  );
}

function Rows({ rows }: { readonly rows: readonly Opportunity[] }) {
  const [params] = useSearchParams();
  const workspace = useWorkspace();
  const experiments = useExperiments();
  const lit = Number(params.get("opportunity"));
  return (
    <div className={classes.page}>
      <h1 className={classes.sentence}>{sentence(rows)}</h1>
      {STATES.map(({ state, name, says }) => {
        const mine = rows.filter((one) => one.state === state);
        if (mine.length === 0) return null;
        return (
          <section key={state} aria-labelledby={`state-${state}`}>
            <h2 className={classes.state} id={`state-${state}`}>
              {name} <span>{says}</span>
            </h2>
            <div className={classes.cards}>
              {mine.map((one) => (
                <OpportunityCard key={one.id} one={one} timezone={workspace.data?.timezone ?? "UTC"} experiments={experiments.data ?? []} lit={one.id === lit} />
              ))}
            </div>
          </section>
        );
      })}
    </div>
  );
}

/** What the page says in one sentence. */
function sentence(rows: readonly Opportunity[]): string {
  const open = rows.filter((one) => one.state !== "done" && one.state !== "stopped");
  const late = open.filter((one) => one.overdue).length;
  if (open.length === 0) return "Nothing is open.";
  const worth = open.reduce((sum, one) => sum + one.expected.per_month, 0);
  const first = open.length === 1 ? "One thing is open, expected to be worth" : `${open.length} things are open, together expected to be worth`;
  const tail = late === 0 ? "Nothing is late." : late === 1 ? "One is late." : `${late} are late.`;
  return `${first} about ${aboutMoney(worth, open[0]?.currency ?? "")} a month. ${tail}`;
}
