/** The band of a step in shape and word, as far as this period's data can carry it. */

import type { MapStep, Picture, Price, StepFigures } from "@/api/types.ts";
import { hasMoney } from "@/stages/atlas/map-input.ts";

export interface Mark {
  readonly shape: "●" | "▲" | "◆" | "◌";
  readonly word: string;
  readonly why: string;
}

const FEW = 30;

function capital(text: string): string {
  return sentence(text.charAt(0).toUpperCase() + text.slice(1));
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** What stands out at a step: an assumption, too few people, a row of Do next, a mismatch, or nothing. */
export function markOf(step: MapStep, figures: StepFigures | undefined, { price, document }: Pick<Picture, "price" | "document">): Mark {
  if (step.rule === null)
    return { shape: "◌", word: "assumption", why: `Nobody measured this.${step.expires ? ` It expires on ${step.expires}.` : ""}` };
  if (!figures || figures.people < FEW)
    return { shape: "◌", word: "too few", why: `Too few people to say (${figures?.people ?? 0}; ${FEW} needed).` };
  const place = price.do_next.findIndex((row) => row.from === step.id);
  const next = price.do_next[place];
  if (next) return { shape: "▲", word: "attention", why: `Do next ${place + 1} starts here: ${sentence(next.title)}` };
  const stuck = price.cannot_fix.find((row) => row.from === step.id);
  if (stuck) return { shape: "◆", word: "mismatch", why: `No message can fix this: ${sentence(stuck.title)}` };
  if (figures.worth_per_person === null)
    return { shape: "◌", word: "no price", why: capital(figures.why ?? "nothing here has a price, so nothing can stand out") };
  if (!figures.compared) return { shape: "◌", word: "not compared", why: whyNotCompared(document.persona) };
  return { shape: "●", word: "nothing found", why: "Of the groups of people that could be compared here, none moves on worse than its like by more than chance." };
}

/** The band as it stands on a card; where nothing on the map has a price the headline says so once, and no card does. */
export function cardMark(step: MapStep, figures: StepFigures | undefined, picture: Picture): Mark | null {
  const mark = markOf(step, figures, picture);
  return mark.word === "no price" && !hasMoney(picture) ? null : mark;
}

function whyNotCompared(persona: string | null): string {
  if (persona === null) return "The map names no persona, so the mix of people is not known: no groups are compared.";
  return `Too few visits here carry “${persona}”, or nothing follows this step: no groups are compared.`;
}

const VISIBLE_LOSS = 0.02;

/** Which loss the cards carry: what could be won back where the data say so, else all that leaves with people. */
export function lossKind(price: Price): "mendable" | "lost" {
  return price.steps.some((step) => (step.mendable_per_month ?? 0) > 0) ? "mendable" : "lost";
}

/** Money lost a month where it is more than 2 % of all steps' together, else null. */
export function visibleLoss(figures: StepFigures | undefined, price: Price): number | null {
  const kind = lossKind(price);
  const of = (step: StepFigures | undefined) => (kind === "mendable" ? step?.mendable_per_month : step?.lost_per_month) ?? 0;
  const total = price.steps.reduce((sum, step) => sum + Math.max(0, of(step)), 0);
  const lost = of(figures);
  return total > 0 && lost > VISIBLE_LOSS * total ? lost : null;
}
