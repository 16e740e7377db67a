/** Addresses of the page of one person or account. */

import type { Subject } from "@/api/people-queries.ts";

const BASE = "/people/";
const ACCOUNT = "account/";

/** The address of a person's or an account's page, with what is kept of the present one. */
export function subjectLink(subject: Subject, search = ""): string {
  const id = encodeURIComponent(subject.id);
  const path = subject.kind === "account" ? `${BASE}${ACCOUNT}${id}` : `${BASE}${id}`;
  return search ? `${path}?${search}` : path;
}

/** Whose page a path is; null for the list. The path is as the browser holds it: an id may hold slashes, encoded. */
export function readSubject(path: string): Subject | null {
  if (!path.startsWith(BASE) || path.length === BASE.length) return null;
  const rest = path.slice(BASE.length);
  if (rest.startsWith(ACCOUNT) && rest.length > ACCOUNT.length) return { kind: "account", id: decode(rest.slice(ACCOUNT.length)) };
  return { kind: "person", id: decode(rest) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
