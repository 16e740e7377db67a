/** Cohorts as a table: how many, money per person by age, and when the cost is paid back; numbers open their people. */

import type { Cohorts, CohortsDiff, MoneyCohort } from "@/api/types.ts";
import { MarkTag } from "@/charts/release-marks.tsx";
import { count, inSigns, money } from "@/lib/format.ts";
import type { Mark } from "@/lib/marks.ts";
import { until } from "@/stages/measure/cohorts/cohort-words.ts";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { Figure } from "@/ui/figure.tsx";
import classes from "@/stages/measure/answer.module.css";
import { many, ownersOf, useWhole } from "@/stages/measure/funnel-counted.ts";

export interface CohortsSide {
  readonly name: string;
  readonly found: Cohorts;
  readonly called: (one: MoneyCohort) => string;
  /** How cells write a cohort. */
  readonly word: (one: MoneyCohort) => string;
  /** What was released while a cohort began; none where they are not of periods. */
  readonly marked: (one: MoneyCohort) => readonly Mark[];
  readonly timezone: string;
  readonly open: (cell: string, title: string) => void;
}

export function CohortsTable({ name, found, called, word, marked, timezone, open }: CohortsSide) {
  const owners = ownersOf(useWhole());
  const { cohorts, currency, period } = found;
  const longest = Math.max(0, ...cohorts.map((one) => one.ages.length));
  const costed = cohorts.some((one) => one.payback);
  const young = cohorts.some((one) => one.younger > 0);
  const columns: readonly ColumnOf<MoneyCohort>[] = [
    {
      name: "Cohort",
      sort: called,
      show: (one) => (
        <>
          {called(one)}
          <MarkTag marks={marked(one)} timezone={timezone} />
        </>
      ),
    },
    { name: owners.name, right: true, sort: (one) => one.size, show: (one) => <Opening number={one.size} what={`${owners.name} of ${called(one)}.`} onOpen={() => open(`size ${word(one)}`, `${owners.name} of ${called(one)}`)} /> },
    ...(young ? [{ name: "Too young", right: true, sort: (one: MoneyCohort) => one.younger, show: (one: MoneyCohort) => one.younger > 0 && <Opening number={one.younger} what="They began too short a time ago for the last age shown." onOpen={() => open(`younger ${word(one)}`, `${owners.name} of ${called(one)} who are too young`)} /> }] : []),
    ...(costed ? [{ name: "Paid back", show: (one: MoneyCohort) => <span className={classes.words}>{one.payback ? inSigns(one.payback.words, currency) : "no cost given"}</span> }] : []),
    ...Array.from({ length: longest }, (_, k): ColumnOf<MoneyCohort> => ({ name: `within ${until(k, period)}`, right: true, sort: (one) => one.ages[k]?.per_entity ?? null, show: (one) => <Money one={one} k={k} currency={currency} onOpen={() => open(`paid ${k} ${word(one)}`, `${owners.name} of ${called(one)} who paid within ${until(k, period)}`)} /> })),
  ];
  return <DataTable caption={`${name ? `${name}: ` : ""}Money per ${owners.one} since they began`} columns={columns} rows={cohorts} keyOf={(one) => String(one.cohort)} />;
}

function Money({ one, k, currency, onOpen }: { readonly one: MoneyCohort; readonly k: number; readonly currency: string; readonly onOpen: () => void }) {
  const owners = ownersOf(useWhole());
  const at = one.ages[k];
  if (at?.per_entity == null) return null;
  const range = at.interval ? `Likely ${money(at.interval[0], currency)} to ${money(at.interval[1], currency)} (95 %).` : `Too few ${owners.many} for an interval.`;
  const carried = at.carried_by ? [`${at.carried_by.entity} alone carries ${Math.round(at.carried_by.share * 100)} % of it.`] : [];
  const paid = at.payers ?? 0;
  return (
    <Figure meaning={{ what: `${money(at.per_entity, currency)} ${owners.a}; ${count(paid)} of ${count(one.size)} paid.`, lines: [range, ...carried, ...(paid > 0 ? ["A click opens those who paid."] : [])] }} onOpen={paid > 0 ? onOpen : undefined}>
      {money(at.per_entity, currency)}
      {at.carried_by && <span aria-label={`one ${owners.one} carries much of it`}> ‡</span>}
    </Figure>
  );
}

function Opening({ number, what, onOpen }: { readonly number: number; readonly what: string; readonly onOpen: () => void }) {
  return (
    <Figure meaning={{ what, lines: ["A click opens them."] }} onOpen={onOpen}>
      {count(number)}
    </Figure>
  );
}

export function CohortsDiffTable({ diff }: { readonly diff: CohortsDiff }) {
  const counted = useWhole();
  const { period, currency } = diff.a;
  const amount = (value: number | null) => (value === null ? "" : money(value, currency));
  const columns: readonly ColumnOf<CohortsDiff["ages"][number]>[] = [
    { name: "Time since they began", show: (one) => until(one.age, period) },
    { name: "A", right: true, sort: (one) => one.money.a, show: (one) => <Figure meaning={{ what: `Of ${many(one.a_size, counted)}.`, lines: [] }}>{amount(one.money.a)}</Figure> },
    { name: "B", right: true, sort: (one) => one.money.b, show: (one) => <Figure meaning={{ what: `Of ${many(one.b_size, counted)}.`, lines: [] }}>{amount(one.money.b)}</Figure> },
    { name: "In words", show: (one) => <span className={classes.words}>{inSigns(one.money.words, currency)}</span> },
  ];
  return <DataTable caption={`A against B, money per ${ownersOf(counted).one} over all cohorts`} columns={columns} rows={diff.ages} keyOf={(one) => String(one.age)} />;
}
