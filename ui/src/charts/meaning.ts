/** What each number means, in words: definition, interval, how many people, freshness, who was left out. */

import type { Arrow, DoNextRow, Price, StepFigures } from "@/api/types.ts";
import type { Meaning } from "@/ui/figure.tsx";
import { aboutMoney, count, duration, inSigns, likely, money, percent, span } from "@/lib/format.ts";
import { LIKELY } from "@/lib/terms.ts";

function present(lines: readonly (string | null | false | undefined)[]): string[] {
  return lines.filter((line): line is string => Boolean(line));
}

/** Period, who was left out, and the state of the data that was asked. */
export function ground(price: Price, timezone: string): string[] {
  const excluded = Object.entries(price.excluded).filter(([, left]) => left > 0);
  return present([
    `${span(price.from, price.to, timezone)}, ${count(price.months)} months.`,
    excluded.length > 0 && `Left out: ${excluded.map(([why, left]) => `${count(left)} ${why.replaceAll("_", " ")}`).join(" · ")}.`,
    `As of event ${count(price.as_of.seq)}.`,
  ]);
}

function likelyMoney(interval: readonly [number, number], currency: string): string {
  return likely(interval, (value) => money(value, currency));
}

/** People a month at a step, and their share. */
export function peopleMeaning(step: StepFigures, price: Price, timezone: string): Meaning {
  return {
    what: "People who enter this step in an average month, and their share of those who come in.",
    lines: [
      `${count(step.people)} people with ${count(step.visits)} visits; ${percent(step.share)} of ${count(price.entrants_per_month)} a month.`,
      ...ground(price, timezone),
    ],
  };
}

/** People who leave at a step. */
export function leaveMeaning(step: StepFigures, price: Price, timezone: string): Meaning {
  return {
    what: "Visits a month that no next step follows, estimated from everyone: an open visit counts for as long as it was seen.",
    lines: present([
      step.leave_share !== null && `${percent(step.leave_share)} of visits.`,
      `${count(step.leave)} people were seen to leave in the whole period; a click opens them. Whoever may still come back is not among them.`,
      step.tau_seconds !== null && `A visit without a next step counts as left after ${duration(step.tau_seconds)}.`,
      ...ground(price, timezone),
    ]),
  };
}

/** Money lost at a step. */
export function lostMeaning(step: StepFigures, price: Price, timezone: string): Meaning {
  return {
    what: "Money lost here in an average month. A click opens those who left here.",
    lines: present([
      step.mendable_per_month !== null && step.mendable_per_month > 0 && `${money(step.mendable_per_month, price.currency)} a month look recoverable, by the rows of Do next.`,
      step.lost_per_month === null ? step.why : `${money(step.lost_per_month, price.currency)} a month is what those who leave would have been worth if they had gone on like the others.`,
      `${count(step.leave)} people were seen to leave here.`,
      ...ground(price, timezone),
    ]),
  };
}

/** What a person is worth from a step on. */
export function worthMeaning(step: StepFigures, price: Price, timezone: string): Meaning {
  return {
    what: "Expected net money of one person from entering this step on.",
    lines: present([
      step.worth_interval && `${likelyMoney(step.worth_interval, price.currency)}. ${LIKELY}`,
      step.why,
      `${count(step.people)} people.`,
      ...ground(price, timezone),
    ]),
  };
}

/** People who took an arrow. */
export function arrowPeopleMeaning(arrow: Arrow, price: Price, timezone: string): Meaning {
  return {
    what: "People who made this move in an average month.",
    lines: present([
      `${count(arrow.people)} people, ${count(arrow.visits)} times.`,
      arrow.share !== null && `${percent(arrow.share)} of visits go this way, open visits counted for as long as they were seen.`,
      ...ground(price, timezone),
    ]),
  };
}

/** Price of one point of an arrow. */
export function pointMeaning(arrow: Arrow, price: Price, timezone: string): Meaning {
  return {
    what: "Worth a month of one more visit in 100 that goes this way, taken from those who would have left.",
    lines: present([
      arrow.per_month === null && (arrow.why ?? "Not known."),
      arrow.per_month_interval && `${likelyMoney(arrow.per_month_interval, price.currency)}. ${LIKELY}`,
      arrow.model_spread && `Between the halves of the strongest covariate: ${money(arrow.model_spread[0], price.currency)} to ${money(arrow.model_spread[1], price.currency)}.`,
      "Assumes that those moved behave like those who took the arrow.",
      `${count(arrow.people)} people took it.`,
      arrow.memory && "This step has memory, such as a deadline that runs across steps: read it with care.",
      ...ground(price, timezone),
    ]),
  };
}

/** Worth a person after an arrow. */
export function afterMeaning(arrow: Arrow, price: Price, timezone: string): Meaning {
  return {
    what: "Expected net money of one person from the next step on.",
    lines: present([
      arrow.value_per_person === null && (arrow.why ?? "Not known."),
      arrow.interval && `${likelyMoney(arrow.interval, price.currency)}. ${LIKELY}`,
      ...ground(price, timezone),
    ]),
  };
}

/** Time that an arrow takes. */
export function timeMeaning(arrow: Arrow, price: Price, timezone: string): Meaning {
  return {
    what: "Time from entering the step to the next one, in the middle case.",
    lines: present([
      arrow.mean_seconds !== null && `${duration(arrow.mean_seconds)} on average.`,
      `${count(arrow.people)} people.`,
      ...ground(price, timezone),
    ]),
  };
}

/** Worth of doing something. */
export function rowMeaning(row: DoNextRow, price: Price, timezone: string): Meaning {
  return {
    what: "Worth a month if these people moved on like comparable people, shrunken towards nothing where the data are thin.",
    lines: present([
      inSigns(row.because, price.currency),
      `${likelyMoney(row.interval, price.currency)}. ${LIKELY}`,
      `${count(row.recoverable_points)} of the ${count(row.gap_points)} points look recoverable.`,
      row.with_later_steps !== null && `With later steps about ${aboutMoney(row.with_later_steps, price.currency)}, not shrunken.`,
      `Of rows at least this strong about ${row.q < 0.001 ? "none" : percent(row.q)} are chance.`,
      ...ground(price, timezone),
    ]),
  };
}
