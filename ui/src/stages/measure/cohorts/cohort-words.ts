/** What cohorts say: how one is called, the sentence of an answer, and money at the last age that all know. */

import type { Cohorts, CohortsDiff, MoneyCohort } from "@/api/types.ts";
import { count, day, inSigns, money } from "@/lib/format.ts";
import { type Counted, many, onBoth, ownersOf, PEOPLE } from "@/stages/measure/funnel-counted.ts";
import { UNKNOWN } from "@/stages/measure/number-of.ts";

/** By what people are grouped, which says how a cohort is called. */
export type Grouped = "period" | "trait" | "behaviour";

export function nameOfCohort(cohort: string | null, grouped: Grouped, timezone: string): string {
  if (grouped === "behaviour") return cohort === "yes" ? "did it" : "did not";
  if (cohort === null) return UNKNOWN;
  return grouped === "period" ? day(cohort, timezone) : cohort;
}

/** "3 months" for the end of age 2. */
export function until(age: number, period: string): string {
  return age === 0 ? `1 ${period}` : `${age + 1} ${period}s`;
}

export interface Last {
  readonly cohort: MoneyCohort;
  readonly at: MoneyCohort["ages"][number] & { readonly per_entity: number };
}

/** The last age of a cohort that is over. */
export function lastOf(cohort: MoneyCohort): Last | null {
  const at = cohort.ages.findLast((one) => one.per_entity !== null);
  return at?.per_entity == null ? null : { cohort, at: { ...at, per_entity: at.per_entity } };
}

export function cohortsSentence({ cohorts, currency, period }: Cohorts, called: (one: MoneyCohort) => string, counted: Counted = PEOPLE): string {
  const size = cohorts.reduce((sum, one) => sum + one.size, 0);
  if (size === 0) return `${ownersOf(counted).nobody} in this selection began long enough ago.`;
  const known = cohorts.map(lastOf).filter((one) => one !== null);
  const oldest = known.reduce<Last | null>((most, one) => (most === null || one.at.age > most.at.age || (one.at.age === most.at.age && one.cohort.size > most.cohort.size) ? one : most), null);
  if (!oldest) return `${many(size, counted)} began; not one ${period} is over for all of a cohort yet.`;
  const { at, cohort } = oldest;
  const range = at.interval ? `likely ${money(at.interval[0], currency)} to ${money(at.interval[1], currency)}` : "too few to say how sure";
  const said = `${many(size, counted)} in ${count(cohorts.length)} ${cohorts.length === 1 ? "cohort" : "cohorts"}. One of ${called(cohort)} brings in ${money(at.per_entity, currency)} within ${until(at.age, period)} (${range}).`;
  return cohort.payback ? `${said} ${inSigns(cohort.payback.words, currency)}` : said;
}

export function cohortsDiffSentence({ ages, a, shared }: CohortsDiff, counted: Counted = PEOPLE): string {
  const last = ages.findLast((one) => one.money.a !== null && one.money.b !== null);
  if (!last) return "No age is over on both sides yet.";
  return `Within ${until(last.age, a.period)}, one of A brings in ${money(last.money.a ?? 0, a.currency)} and one of B ${money(last.money.b ?? 0, a.currency)}. ${inSigns(last.money.words, a.currency)}${onBoth(shared, counted)}`;
}
