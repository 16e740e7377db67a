/** Calendar days as `2026-09-27`. */

const DAY_MS = 86_400_000;

/** The day so many days before an instant; negative for after. */
export function daysBefore(iso: string, days: number): string {
  return new Date(Date.parse(iso) - days * DAY_MS).toISOString().slice(0, 10);
}
