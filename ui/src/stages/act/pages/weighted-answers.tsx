/** What everybody who saw a question would have answered: the answers weighted for who did not answer, and how sure that is. */

import { Asking } from "@/app/asking.tsx";
import { useAsk } from "@/api/ask-queries.ts";
import type { AskView } from "@/api/types.ts";
import { count, likely, percent, tenths } from "@/lib/format.ts";
import { DataTable } from "@/ui/data-table.tsx";
import classes from "../act.module.css";

type Weighted = NonNullable<AskView["weighted"]>;
type Estimate = Weighted["answers"][number]["raw"];

export function WeightedAnswers({ id }: { readonly id: string }) {
  return (
    <Asking query={useAsk(id)} what="Looking at who did not answer">
      {({ weighted }) => weighted && <Told found={weighted} />}
    </Asking>
  );
}

function Told({ found }: { readonly found: Weighted }) {
  return (
    <div role="group" aria-label="Had everybody answered" className={classes.beside}>
      <h3 className={classes.small}>Had everybody answered</h3>
      <p className={classes.soft}>
        {count(found.answered)} of {count(found.asked)} who saw it answered{found.rate ? `, ${percent(found.rate.value)}` : ""}.
        {found.mean?.weighted && ` The mean would be ${estimate(found.mean.weighted, tenths)}; of those who answered it is ${estimate(found.mean.raw, tenths)}.`}
      </p>
      {found.effective !== null && (
        <DataTable
          caption="Answers, weighted for who did not answer"
          rows={found.answers}
          keyOf={(row) => String(row.answer)}
          columns={[
            { name: "Answer", sort: (row) => row.answer, show: (row) => String(row.answer) },
            { name: "Of those who did", right: true, sort: (row) => row.raw.value, show: (row) => percent(row.raw.value) },
            { name: "Of all", right: true, sort: (row) => row.weighted?.value ?? null, show: (row) => row.weighted && percent(row.weighted.value) },
            { name: "Likely", right: true, show: (row) => row.weighted?.interval?.map(percent).join(" to ") },
          ]}
        />
      )}
      {found.notes.map((note) => (
        <p key={note} className={classes.soft}>
          {note}
        </p>
      ))}
    </div>
  );
}

function estimate({ value, interval }: Estimate, text: (value: number) => string): string {
  return interval ? `${text(value)} (${likely(interval, text)})` : text(value);
}
