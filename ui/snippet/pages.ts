/** Pages: seen, left with how long and how far, and left again at once by the way back. */

import { call, track } from "./calls.ts";

const QUICK_MS = 10_000;
const LEFT = "pathworth-left";

let since = 0;
let deepest = 0;
let path = "";

/** Say that a page is seen, and whether somebody came back to it at once. */
export function view(back: boolean): void {
  const left = sessionStorage.getItem(LEFT);
  if (back && left !== null) {
    const [from, seen] = JSON.parse(left) as [string, number];
    const spent = Date.now() - seen;
    if (spent < QUICK_MS && from !== location.pathname) track("quick back", { from, seconds: Math.round(spent / 1_000) });
  }
  since = Date.now();
  deepest = 0;
  path = location.pathname;
  call("page", { properties: {} });
  reach();
}

/** Say how long the page was there, and how far down it was seen. */
export function unview(): void {
  if (since === 0) return;
  track("page left", { path, seconds: Math.round((Date.now() - since) / 1_000), scrolled_percent: deepest });
  sessionStorage.setItem(LEFT, JSON.stringify([path, since]));
  since = 0;
}

export function watchPages(): void {
  addEventListener("scroll", reach, { passive: true });
  for (const name of ["pushState", "replaceState"] as const) {
    const real = history[name].bind(history);
    history[name] = (data, unused, url) => {
      real(data, unused, url);
      moved(false);
    };
  }
  addEventListener("popstate", () => moved(true));
}

function moved(back: boolean): void {
  if (location.pathname === path) return;
  dispatchEvent(new Event("pathworth-leave"));
  view(back);
}

function reach(): void {
  const whole = document.documentElement.scrollHeight;
  deepest = Math.max(deepest, Math.min(100, Math.round((100 * (scrollY + innerHeight)) / whole)));
}
