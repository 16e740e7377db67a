/** Clicks: on what, in anger, without any effect; and files that are fetched. */

import { track, type Properties } from "./calls.ts";

const ACTS = "a,button,[role=button],input[type=submit],input[type=button],summary";
const FILES = /\.(pdf|zip|csv|xlsx?|docx?|pptx?|mp3|mp4|dmg|exe)$/i;
const ANGRY = 3;

let last: { x: number; y: number; at: number }[] = [];

export function watchClicks(): void {
  addEventListener("click", clicked, { capture: true });
}

function clicked(event: MouseEvent): void {
  const target = event.target;
  if (!(target instanceof Element) || target.closest("[data-private]") !== null) return;
  const acts = target.closest(ACTS);
  const about = told(acts ?? target);
  if (acts !== null) {
    track("click", about);
    const href = acts instanceof HTMLAnchorElement ? new URL(acts.href, location.href) : null;
    if (href !== null && (acts.hasAttribute("download") || FILES.test(href.pathname))) track("file downloaded", { file: href.pathname });
  }
  angry(event, about);
  if (acts !== null || getComputedStyle(target).cursor === "pointer") deaf(about);
}

/** What stands on an element; never what somebody typed. */
function told(element: Element): Properties {
  const text = element instanceof HTMLInputElement ? "" : (element.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 80);
  const about: Properties = { element: element.tagName.toLowerCase(), text: text || (element.getAttribute("aria-label") ?? "") };
  if (element.id) about.element_id = element.id;
  if (element instanceof HTMLAnchorElement) about.href = element.href;
  return about;
}

function angry(event: MouseEvent, about: Properties): void {
  const now = Date.now();
  last = [...last, { x: event.clientX, y: event.clientY, at: now }].filter((one) => now - one.at < 1_000 && Math.hypot(one.x - event.clientX, one.y - event.clientY) < 30);
  if (last.length === ANGRY) track("rage click", about);
}

/** Say so when nothing on the page moves within a second. */
function deaf(about: Properties): void {
  const before = location.href;
  let heard = false;
  const hear = () => {
    heard = true;
  };
  const changes = new MutationObserver(hear);
  changes.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  const others = ["scroll", "focusin", "submit", "pagehide", "play"];
  others.forEach((name) => addEventListener(name, hear, { capture: true, once: true }));
  setTimeout(() => {
    changes.disconnect();
    others.forEach((name) => removeEventListener(name, hear, { capture: true }));
    if (!heard && location.href === before && !document.hidden) track("dead click", about);
  }, 1_000);
}
