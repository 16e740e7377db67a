/** Calendar periods: when one ends that begins at an instant. */

const DAY_MS = 86_400_000;

/** The first instant after a day, week or month that begins at an instant, in a timezone, as ISO text. */
export function endOf(start: string, period: string, timeZone: string): string {
  const begins = Date.parse(start);
  // Midday of the first day is inside it in every zone and on every day that clocks change.
  const [year = 0, month = 1, date = 1] = localDay(begins + DAY_MS / 2, timeZone).split("-").map(Number);
  const next = period === "month" ? Date.UTC(year, month, 1) : Date.UTC(year, month - 1, date + (period === "week" ? 7 : 1));
  return new Date(instantOf(new Date(next).toISOString().slice(0, 10), timeZone)).toISOString();
}

/** The local day of an instant, as 2026-09-27. */
function localDay(ms: number, timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(ms);
}

/** The first instant of a local day, as ISO text. */
export function beginOf(day: string, timeZone: string): string {
  return new Date(instantOf(day, timeZone)).toISOString();
}

/** The first instant of a local day: between 14 hours before and 12 hours after it begins in UTC, found by halves. */
function instantOf(day: string, timeZone: string): number {
  let [low, high] = [Date.parse(day) - 15 * 3_600_000, Date.parse(day) + 13 * 3_600_000];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (localDay(middle, timeZone) < day) low = middle;
    else high = middle;
  }
  return high;
}
