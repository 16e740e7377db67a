/** Releases as marks of a stretch of time: in order, numbered from its beginning. */

export interface Released {
  readonly name: string;
  readonly time: string;
  readonly note: string;
}

export interface Mark extends Released {
  readonly n: number;
}

/** The releases from one instant up to but without another; null is no bound. */
export function marksBetween(releases: readonly Released[], from: string | null, to: string | null): readonly Mark[] {
  const [first, last] = [from === null ? -Infinity : Date.parse(from), to === null ? Infinity : Date.parse(to)];
  const inside = releases.filter(({ time }) => Date.parse(time) >= first && Date.parse(time) < last);
  return [...inside].sort((a, b) => Date.parse(a.time) - Date.parse(b.time)).map(({ name, time, note }, k) => ({ n: k + 1, name, time, note }));
}

const DAY_MS = 86_400_000;

/** Equally many days before and after an instant, as many as both sides have; null where one side has no day. */
export function aroundMark(time: string, from: string, to: string): { readonly before: string; readonly at: string; readonly after: string } | null {
  const at = Date.parse(time.slice(0, 10));
  const days = Math.floor(Math.min(at - Date.parse(from.slice(0, 10)), Date.parse(to) - at) / DAY_MS);
  if (!(days >= 1)) return null;
  const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  return { before: dayOf(at - days * DAY_MS), at: dayOf(at), after: dayOf(at + days * DAY_MS) };
}
