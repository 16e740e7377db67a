/** Numbers, money and times as text, in the reader's locale; "about" means two significant digits. */

import { fewWords } from "@/lib/few.ts";

const MINUS = "\u2212";
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const cache = new Map<string, Intl.NumberFormat>();

function formatter(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  const known = cache.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(undefined, options);
  cache.set(key, made);
  return made;
}

function write(value: number, options: Intl.NumberFormatOptions): string {
  if (Number.isNaN(value)) return "left out";
  return formatter(options).format(value).replace("-", MINUS);
}

function currencyOf(currency: string): Intl.NumberFormatOptions {
  return currency ? { style: "currency", currency, currencyDisplay: "narrowSymbol" } : {};
}

/** Money rounded to two significant digits, for the face of a page. */
export function aboutMoney(value: number, currency: string): string {
  if (Math.abs(value) < 10) return money(value, currency);
  return write(value, {
    ...currencyOf(currency),
    maximumSignificantDigits: 2,
    minimumSignificantDigits: 1,
  });
}

/** Money to the unit, and to the cent below ten. */
export function money(value: number, currency: string): string {
  const digits = Math.abs(value) < 10 && value !== 0 ? 2 : 0;
  return write(value, {
    ...currencyOf(currency),
    maximumFractionDigits: digits,
    minimumFractionDigits: digits,
  });
}

/** A sentence of the server's with its amounts as this reader writes them: the sign of the currency instead of its code. */
export function inSigns(text: string, currency: string): string {
  if (!currency) return text;
  const sign = formatter(currencyOf(currency)).formatToParts(1).find((part) => part.type === "currency")?.value ?? currency;
  return sign === currency ? text : text.replace(new RegExp(`\\b${currency} (?=[\\d\u2212-])`, "gu"), sign);
}

/** A number with one digit behind the point, such as the mean of a scale. */
export function tenths(value: number): string {
  return write(value, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

/** A plain number rounded to two significant digits, without its currency. */
export function about(value: number): string {
  return write(value, { maximumSignificantDigits: 2 });
}

/** A whole count, or one decimal below ten when it is not whole. */
export function count(value: number): string {
  if (Number.isNaN(value)) return fewWords();
  const small = Math.abs(value) < 10 && !Number.isInteger(value);
  return write(value, { maximumFractionDigits: small ? 1 : 0 });
}

/** A share of one as whole per cent; below one per cent with a decimal. */
export function percent(share: number): string {
  if (share > 0 && share < 0.0005) return `<${write(0.001, { style: "percent", maximumFractionDigits: 1 })}`;
  const digits = share !== 0 && Math.abs(share) < 0.01 ? 1 : 0;
  return write(share, { style: "percent", maximumFractionDigits: digits });
}

/** "likely 30,000 to 67,000", the interval in words. */
export function likely(interval: readonly [number, number], text: (value: number) => string = about): string {
  return `likely ${text(interval[0])} to ${text(interval[1])}`;
}

/** A duration in the largest unit that keeps it above one. */
export function duration(seconds: number): string {
  if (Number.isNaN(seconds)) return "left out";
  if (seconds < MINUTE) return `${count(Math.round(seconds))} s`;
  if (seconds < HOUR) return `${count(Math.round(seconds / MINUTE))} min`;
  if (seconds < 2 * DAY) return `${count(round(seconds / HOUR))} h`;
  return `${count(round(seconds / DAY))} days`;
}

/** A duration in the fewest letters, for the text on an arrow. */
export function shortDuration(seconds: number): string {
  return duration(seconds).replace(/ days$/, " d");
}

function round(value: number): number {
  return value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
}

/** A day as people write it. */
export function day(iso: string, timeZone: string): string {
  return unbroken(new Date(iso).toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric", timeZone }));
}

/** A narrow column breaks no date into its day, its month and its year. */
function unbroken(text: string): string {
  return text.replaceAll(" ", "\u00a0");
}

/** The days from one up to but without another, as people write them. */
export function span(from: string, to: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric", timeZone });
  const last = Math.max(Date.parse(from), Date.parse(to) - 1);
  return format.formatRange(new Date(from), new Date(last));
}

/** A moment to the minute. */
export function moment(iso: string, timeZone: string): string {
  const text = new Date(iso).toLocaleString(undefined, {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZone,
  });
  return unbroken(text).replace(/\u00a0(?=\d\d?[:.]\d\d)/u, " ");
}

/** The time of a day to the second. */
export function clock(iso: string, timeZone: string): string {
  return new Date(iso).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone });
}

/** How long ago, in the largest whole unit. */
export function ago(iso: string, now: number): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (seconds < MINUTE) return `${Math.floor(seconds)} s ago`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min ago`;
  if (seconds < 2 * DAY) return `${Math.floor(seconds / HOUR)} h ago`;
  if (seconds < 730 * DAY) return `${Math.floor(seconds / DAY)} days ago`;
  return `${Math.floor(seconds / (365.25 * DAY))} years ago`;
}
