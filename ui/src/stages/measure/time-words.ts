/** Times as the address writes them (`30m`, `7d`) and as people do: "30 minutes", "7 days". */

const UNITS: Readonly<Record<string, string>> = { s: "second", m: "minute", h: "hour", d: "day", w: "week" };
const WRITTEN = /^(\d+(?:\.\d+)?)([smhdw])$/u;
const TYPED = /^(\d+(?:\.\d+)?)\s*(seconds?|sec|minutes?|min|hours?|days?|weeks?|[smhdw])$/u;

/** "7d" as people say it; what is no time stays as it is. */
export function spokenTime(text: string): string {
  const [, number, unit] = WRITTEN.exec(text) ?? [];
  const word = unit && UNITS[unit];
  return number && word ? `${number} ${word}${number === "1" ? "" : "s"}` : text;
}

/** What somebody typed as the address writes it: "45 minutes" is "45m"; null when it is no time. */
export function typedTime(text: string): string | null {
  const [, number, unit] = TYPED.exec(text.trim().toLowerCase()) ?? [];
  return number && unit && Number(number) > 0 ? number + unit.charAt(0) : null;
}
