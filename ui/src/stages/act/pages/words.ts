/** Questions and messages on pages in a few words. */

import type { PageAsk } from "@/api/types.ts";
import { count } from "@/lib/format.ts";
import { durationWords } from "@/stages/act/words.ts";

export const ASK_STATES: Readonly<Record<string, string>> = { draft: "● Draft", running: "▶ Running", stopped: "■ Stopped", over: "■ Over" };

export function blankAsk(): PageAsk {
  return { id: "", name: "", text: "", kind: "question", answers: "scale", choices: [], link: null, label: null, site: null, page: "*", map: null, step: null, share: 1, wait: "30d", enough: 100, until: null };
}

/** A name as an id: lower case and hyphens, and one that nobody has. */
export function idFor(name: string, taken: readonly string[]): string {
  const word =
    name
      .normalize("NFKD")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 60) || "ask";
  if (!taken.includes(word)) return word;
  for (let k = 2; ; k++) if (!taken.includes(`${word}-${k}`)) return `${word}-${k}`;
}

/** Where, to whom and until when, as one sentence. */
export function askSentence(ask: PageAsk, step: (id: string) => string): string {
  const where = ask.step ? `when the page sends “${step(ask.step)}”` : "when the page opens";
  const pages = ask.page === "*" ? "on every page" : `on ${ask.page}`;
  const whom = ask.share < 1 ? `to ${String(Math.round(ask.share * 1000) / 10)} in 100 browsers` : "to everybody";
  const ends = [ask.enough !== null && `${count(ask.enough)} ${ask.kind === "question" ? "answered" : "saw it"}`, ask.until !== null && `${ask.until} is over`].filter(Boolean).join(" or ");
  return `Shown once ${where} ${pages}${ask.site ? ` of ${ask.site}` : ""}, ${whom} who agreed and saw nothing like it for ${durationWords(ask.wait)}${ends ? `, until ${ends}` : ""}.`;
}
