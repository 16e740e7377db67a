/** What this browser remembers of the last visit: when it was, and what stood in Do next. */

import type { LastVisit } from "@/api/plan-queries.ts";

/** Two looks within this time are one visit, so that a reload does not empty the page. */
const ONE_VISIT_MS = 30 * 60_000;

interface Kept {
  /** The visit before this one: what counts as "since I was here". */
  readonly before: LastVisit | null;
  /** The last look of this visit. */
  readonly seen: LastVisit | null;
}

function key(workspace: string): string {
  return `pathworth.visit.${workspace}`;
}

function read(workspace: string, store: Storage): Kept {
  try {
    const kept: unknown = JSON.parse(store.getItem(key(workspace)) ?? "null");
    if (isKept(kept)) return kept;
  } catch {
    // What cannot be read is a first visit.
  }
  return { before: null, seen: null };
}

function isVisit(one: unknown): one is LastVisit | null {
  return one === null || (typeof one === "object" && "at" in one && typeof one.at === "string" && "rows" in one && Array.isArray(one.rows));
}

function isKept(one: unknown): one is Kept {
  return typeof one === "object" && one !== null && "before" in one && "seen" in one && isVisit(one.before) && isVisit(one.seen);
}

/** The visit that today is compared with: the one before, while this one lasts. */
export function lastVisit(workspace: string, now: number, store: Storage = localStorage): LastVisit | null {
  const { before, seen } = read(workspace, store);
  if (seen === null) return null;
  return now - Date.parse(seen.at) > ONE_VISIT_MS ? seen : before;
}

/** Remember this look. */
export function rememberVisit(workspace: string, look: LastVisit, compared: LastVisit | null, store: Storage = localStorage): void {
  store.setItem(key(workspace), JSON.stringify({ before: compared, seen: look }));
}
