/** A number from another system beside one of ours: which other reading of ours comes nearest, and who is missing. */

import { Button, NumberInput, Textarea } from "@mantine/core";
import { useState } from "react";
import { useReconcile } from "@/api/measure-queries.ts";
import type { Reconciled } from "@/api/types.ts";
import { count } from "@/lib/format.ts";
import type { NumberAt } from "@/api/kept-number.ts";
import { Headline } from "@/stages/atlas/headline.tsx";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import answer from "@/stages/measure/answer.module.css";
import builder from "@/stages/measure/builder.module.css";

export function Elsewhere({ number }: { readonly number: NumberAt }) {
  const [outside, setOutside] = useState<number | null>(null);
  const [ids, setIds] = useState("");
  const reconcile = useReconcile();
  const list = ids.split(/[\s,;]+/).filter(Boolean);
  const ready = outside !== null || list.length > 0;
  return (
    <div className={answer.answer}>
      {!reconcile.data && <Headline text="What does the other system say?" stale={false} />}
      <form
        className={builder.builder}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) reconcile.mutate({ number: number.address, outside, ids: list });
        }}
      >
        <NumberInput
          label="The other system says"
          value={outside ?? ""}
          min={0}
          allowDecimal={false}
          thousandSeparator=" "
          maw={260}
          onChange={(value) => setOutside(typeof value === "number" ? value : null)}
        />
        <Textarea
          label="Whom it counts, when you have the list"
          description="Ids as they stand in the data, one on each line. With them, candidates become reasons."
          autosize
          minRows={2}
          maxRows={10}
          maw={520}
          value={ids}
          onChange={(event) => setIds(event.currentTarget.value)}
        />
        <div>
          <Button type="submit" size="sm" disabled={!ready} loading={reconcile.isPending}>
            Look for the reason
          </Button>
        </div>
        {reconcile.error && <Refusal error={reconcile.error} />}
      </form>
      {reconcile.data && <Found found={reconcile.data} />}
    </div>
  );
}

function Found({ found }: { readonly found: Reconciled }) {
  return (
    <>
      <Headline text={found.words} stale={false} />
      {found.both !== null && (
        <p className={answer.note}>
          {count(found.both)} stand in both; {count(found.only_here ?? 0)} are counted here and not there.
        </p>
      )}
      <Readings found={found} />
      {found.only_outside !== null && found.only_outside.length > 0 && <Missing found={found.only_outside} />}
    </>
  );
}

function Readings({ found }: { readonly found: Reconciled }) {
  type Row = Reconciled["readings"][number];
  if (found.readings.length === 0) return <p className={answer.note}>No other reading of this number counts anybody else.</p>;
  const columns: readonly ColumnOf<Row>[] = [
    { name: "Read in another way", show: (row) => row.words },
    { name: "Ours is then", right: true, show: (row) => count(row.number) },
    { name: "Left to explain", right: true, show: (row) => count(row.left) },
  ];
  return <DataTable caption="Other readings of our number, the nearest first; a candidate, never a proof" columns={columns} rows={found.readings} keyOf={(row) => row.words} />;
}

function Missing({ found }: { readonly found: NonNullable<Reconciled["only_outside"]> }) {
  const columns: readonly ColumnOf<(typeof found)[number]>[] = [
    { name: "Why they are not counted here", show: (row) => row.words },
    { name: "People", right: true, show: (row) => count(row.people) },
    { name: "Some of them", show: (row) => row.some.join(", ") },
  ];
  return <DataTable caption="Of the list, and not counted here" columns={columns} rows={found} keyOf={(row) => row.words} />;
}
