/** One number that a person keeps in this window to hold another one against it. */

import { useSyncExternalStore } from "react";

export interface NumberAt {
  /** Where it is: the question, its parameters and its cell. */
  readonly address: string;
  readonly title: string;
}

const KEY = "kept-number";
const listeners = new Set<() => void>();

/** Read a kept number; null for what is none. */
export function readKept(text: string | null): NumberAt | null {
  try {
    const found: unknown = JSON.parse(text ?? "null");
    if (typeof found !== "object" || found === null) return null;
    const { address, title } = found as Record<string, unknown>;
    return typeof address === "string" && typeof title === "string" ? { address, title } : null;
  } catch {
    return null;
  }
}

export function keep(number: NumberAt | null): void {
  if (number) sessionStorage.setItem(KEY, JSON.stringify(number));
  else sessionStorage.removeItem(KEY);
  for (const one of listeners) one();
}

function listen(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

export function useKept(): NumberAt | null {
  return readKept(useSyncExternalStore(listen, () => sessionStorage.getItem(KEY)));
}

/** The page on which two numbers, or one and a number from elsewhere, are held against each other. */
export function numbersPage(a: NumberAt, b: NumberAt | null): string {
  const query = new URLSearchParams({ a: a.address, a_title: a.title });
  if (b) {
    query.set("b", b.address);
    query.set("b_title", b.title);
  }
  return `/explore/numbers?${query.toString()}`;
}
