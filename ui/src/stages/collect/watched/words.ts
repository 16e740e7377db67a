/** How findings, scores and days of what sources send are said and drawn. */

import type { AuditFinding, AuditedSource } from "@/api/types.ts";
import { day, percent } from "@/lib/format.ts";

const MARKS: Record<AuditFinding["severity"], { readonly shape: string; readonly word: string }> = {
  broken: { shape: "\u2715", word: "Broken" },
  attention: { shape: "\u25b2", word: "Attention" },
  notice: { shape: "\u25cf", word: "Notice" },
};

/** Shape and word of a finding; colour is never alone. */
export function markOf(severity: AuditFinding["severity"]) {
  return MARKS[severity];
}

/** A local day as people write it, whatever the reader's zone. */
export function localDay(iso: string): string {
  return day(`${iso}T12:00:00Z`, "UTC");
}

/** A sentence of the server's with its days as this reader writes them. */
export function dated(text: string): string {
  return text.replace(/\b\d{4}-\d{2}-\d{2}\b/gu, localDay);
}

/** What is known of a source's last four weeks, in a few words each. */
export function sharesOf(source: AuditedSource): readonly string[] {
  const told: readonly (readonly [string, number | null])[] = [
    ["came twice", source.again],
    ["could not be read", source.refused],
    ["from the future", source.ahead],
    ["over a day late", source.late],
    ["of robots", source.bots],
    ["of people with a known consent", source.consent],
  ];
  return told.filter(([, share]) => share !== null).map(([word, share]) => `${percent(share ?? 0)} ${word}`);
}
