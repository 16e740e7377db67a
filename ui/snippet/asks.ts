/** Questions and messages that are configured in the product: fetched once consent is there, shown where and when they say. */

import { ask, open, tell } from "./asking.ts";
import { home, onCall, said, type Properties } from "./calls.ts";
import { lot } from "./lot.ts";
import { person } from "./person.ts";

interface Asked {
  id: string;
  revision: number;
  text: string;
  kind: string;
  /** Choices, the last number of a scale, or null for one's own words. */
  answers: readonly string[] | number | null;
  link: string | null;
  label: string | null;
  page: string;
  when: readonly (readonly [string, Readonly<Record<string, string>>])[];
  share: number;
  wait_ms: number;
}

let asks: Asked[] | null = null;
/** When a program last wrote to whoever sits here: that counts as if it had been asked on this page. */
let written = 0;
/** What the page said before it was known what to show. */
let before: [string, Properties][] = [];

/** Fetch what runs on this site, and show it from now on; nothing is asked for before its person agreed. */
export async function fetchAsks(): Promise<void> {
  if (!said.key || asks !== null) return;
  asks = [];
  onCall((event, properties) => {
    if (before.push([event, properties]) > 50) before.shift();
  });
  const answer = await fetch(`${home}/v1/asks/${encodeURIComponent(said.key)}?browser=${person()?.id ?? ""}`);
  if (!answer.ok) return;
  const told = (await answer.json()) as { asks: Asked[]; written_ms: number | null };
  asks = told.asks;
  if (told.written_ms !== null) written = Date.now() - told.written_ms;
  onCall(consider);
  before.forEach(([event, properties]) => consider(event, properties));
  before = [];
}

function consider(event: string, properties: Properties): void {
  const one = asks?.find((asked) => wanted(asked, event, properties));
  if (one === undefined) return;
  const { id, revision, text, answers } = one;
  if (one.kind === "message") tell({ id, revision, text, link: one.link ?? undefined, label: one.label ?? undefined });
  else ask({ id, revision, question: text, answers });
}

function wanted({ id, page, when, share, wait_ms }: Asked, event: string, properties: Properties): boolean {
  const who = person();
  if (who === null || open() || who.shown.includes(id) || Date.now() - Math.max(who.asked ?? 0, written) < wait_ms) return false;
  const heard = when.length ? when.some(([name, says]) => name === event && Object.entries(says).every(([key, text]) => String(properties[key]) === text)) : event === "page";
  const path = new RegExp(`^${page.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`);
  return heard && path.test(location.pathname) && lot(id + who.id) < share;
}
