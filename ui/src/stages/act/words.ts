/** Programs and decisions in a few words. */

import type { FeedRow, Program, ProgramLine } from "@/api/types.ts";

const UNITS: Readonly<Record<string, string>> = { m: "minute", h: "hour", d: "day", w: "week", s: "second" };
const NO_WAIT = new Set(["0m", "0s", "0h", "0d", "0w"]);

/** `2d` as people say it; what is no duration stays as it is. */
export function durationWords(text: string): string {
  const found = /^\s*(\d+(?:\.\d+)?)\s*([smhdw])\s*$/.exec(text);
  const unit = found?.[2] ? UNITS[found[2]] : undefined;
  if (!found?.[1] || !unit) return text;
  return `${found[1]} ${unit}${found[1] === "1" ? "" : "s"}`;
}

export function beginWords(program: Program): string {
  return program.trigger === "stalls" ? `stays ${durationWords(program.stalls_after ?? "?")} at` : "enters";
}

/** How long it waits after the trigger; null when it does not. */
export function waitWords(program: Program): string | null {
  return NO_WAIT.has(program.wait) ? null : durationWords(program.wait);
}

export function channelWord(channel: string): string {
  return channel === "email" ? "mail" : "webhook";
}

export const STATE_WORDS: Readonly<Record<ProgramLine["state"], string>> = { draft: "● Draft", running: "▶ Running", stopped: "■ Stopped" };

/** The shape that stands beside a decision, never colour alone. */
export function decisionMark(row: FeedRow): { readonly shape: string; readonly word: string } {
  if (row.action === "nothing") return row.reasons[0] === "held_out" ? { shape: "◌", word: "Comparison group" } : { shape: "○", word: "Nothing sent" };
  if (row.state === "delivered") return { shape: "●", word: "Sent" };
  if (row.state === "failed") return { shape: "✕", word: "Refused" };
  if (row.state === "unknown") return { shape: "?", word: "Unknown" };
  return { shape: "→", word: "On its way" };
}

/** How many bars a list of findings holds: errors stop a start, warnings do not. */
export function errorCount(findings: readonly { readonly level: string }[]): number {
  return findings.filter((one) => one.level === "error").length;
}

/** The fields of a program as the form calls them; a finding says where it is. */
const FIELDS: Readonly<Record<string, string>> = {
  stalls_after: "Stays for",
  address: "Address is in",
  who: "Who",
  exit: "Ends early when",
  too_late: "Too late after",
  holdout: "Comparison group",
  cap: "Contacts at most",
  quiet_hours: "Quiet hours",
  guardrail: "Mutes per send",
};

/** Where a finding is, as the form calls it. */
export function fieldWords(where: string): string {
  const [first = "", ...rest] = where.split(".");
  const name = FIELDS[first] ?? first.replaceAll("_", " ");
  return rest.length > 0 ? `${name}, ${rest.join(" ")}` : name;
}
