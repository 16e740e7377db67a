/** Calls on their way to the server: kept until it says that they are safe, and harmless when they come twice. */

import { person } from "./person.ts";

export type Properties = Record<string, string | number | boolean | null>;

interface Call {
  type: "track" | "page" | "identify";
  messageId: string;
  [key: string]: unknown;
}

const PLACE = "pathworth-calls";
const MOST = 200;
const AT_ONCE = 50;
const script = document.currentScript as HTMLScriptElement | null;
export const home = new URL(script?.src ?? location.href).origin;

/** What the script's own element says. */
export const said: DOMStringMap = script?.dataset ?? {};

let calls: Call[] = [];
let hear: (event: string, properties: Properties) => void = () => undefined;

/** Say to whom every event of the page is told, beside the server. */
export function onCall(to: typeof hear): void {
  hear = to;
}

let timer = 0;
let wait = 1_000;

/** Take over what an earlier page could not get rid of. */
export function resume(): void {
  calls = JSON.parse(localStorage.getItem(PLACE) ?? "[]") as Call[];
  if (calls.length > 0) later();
}

/** Say that something happened; nothing before the person agreed. */
export function call(type: Call["type"], more: Record<string, unknown>): void {
  const who = person();
  if (who === null) return;
  const { referrer, title } = document;
  const { pathname, search, href } = location;
  const campaign = Object.fromEntries(
    [...new URLSearchParams(search)].filter(([key]) => key.startsWith("utm_")).map(([key, value]) => [key.slice(4), value]),
  );
  calls.push({
    type,
    messageId: crypto.randomUUID(),
    timestamp: new Date().toISOString(),
    anonymousId: who.id,
    ...(who.user === undefined ? {} : { userId: who.user }),
    context: { library: { name: "pathworth-javascript" }, page: { path: pathname, url: href, title, referrer }, campaign },
    ...more,
  });
  calls = calls.slice(-MOST);
  store();
  later();
  if (type !== "identify") hear((more.event as string | undefined) ?? type, { path: pathname, title, url: href, ...(more.properties as Properties) });
}

export function track(event: string, properties: Properties = {}): void {
  call("track", { event, properties });
}

/** Forget what waits. */
export function drop(): void {
  calls = [];
  localStorage.removeItem(PLACE);
}

/** Hand over what waits while the page goes away. It stays here too, since nobody hears whether it came. */
export function leave(): void {
  if (calls.length > 0) navigator.sendBeacon(`${home}/beacon/v1/batch`, body(calls.slice(-AT_ONCE)));
}

function store(): void {
  localStorage.setItem(PLACE, JSON.stringify(calls));
}

function later(): void {
  if (timer === 0) timer = window.setTimeout(() => void flush(), wait);
}

function body(some: Call[]): string {
  return JSON.stringify({ batch: some, writeKey: said.key ?? "", sentAt: new Date().toISOString() });
}

async function flush(): Promise<void> {
  const some = calls.slice(0, AT_ONCE);
  let status = 0;
  try {
    // Plain text needs no question beforehand.
    const answer = await fetch(`${home}/v1/b`, { method: "POST", headers: { "Content-Type": "text/plain" }, body: body(some), keepalive: true });
    status = answer.status;
  } catch {
    // Without a network it is tried again.
  }
  timer = 0;
  if (status === 0 || status === 408 || status === 429 || status >= 500) {
    wait = Math.min(wait * 2, 60_000);
  } else {
    wait = 1_000;
    const gone = new Set(some.map((one) => one.messageId));
    calls = calls.filter((one) => !gone.has(one.messageId));
    store();
  }
  if (calls.length > 0) later();
}
