/** Whose browser this is. Nothing is stored and nothing is sent before its person agreed, or against what the browser says. */

const PLACE = "pathworth";

interface Held {
  /** A random id of this browser, no print of it. */
  id: string;
  user?: string;
  /** Questions and messages that were shown. */
  shown: string[];
  /** When it was last asked or told anything. */
  asked?: number;
}

let held: Held | null = null;

/** Whether the browser asks not to be followed. */
export function refuses(): boolean {
  const said = navigator as Navigator & { globalPrivacyControl?: boolean };
  return said.globalPrivacyControl === true || navigator.doNotTrack === "1";
}

/** Read what an earlier page of this site kept. */
export function remember(): void {
  const text = localStorage.getItem(PLACE);
  held = text === null || refuses() ? null : (JSON.parse(text) as Held);
}

export function person(): Held | null {
  return held;
}

/** Keep or forget this browser. */
export function agree(agreed: boolean): void {
  if (!agreed || refuses()) {
    held = null;
    localStorage.removeItem(PLACE);
    return;
  }
  held ??= { id: crypto.randomUUID(), shown: [] };
  keep();
}

export function keep(): void {
  if (held !== null) localStorage.setItem(PLACE, JSON.stringify(held));
}
