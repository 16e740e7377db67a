/** Numbers of few people that the server did not say: never a zero, and nothing is worked out from them. */

/** What an answer says of numbers that are not in it. */
interface Left {
  readonly count: number;
  readonly places: readonly string[];
}

let least = 0;

/** What stands where such a number would. */
export function fewWords(): string {
  return `left out: fewer than ${least} people`;
}

/** Read an answer: every number that was left out becomes NaN, and so does whatever is made of it. */
export function readFew(header: string | null, body: unknown): void {
  const found = /^\d+; fewer-than=(\d+)(?:; places=(.*))?$/u.exec(header ?? "");
  if (!found || typeof body !== "object" || body === null) return;
  least = Number(found[1]);
  const places = "cells_left_out" in body ? (body.cells_left_out as Left).places : (found[2]?.split(",") ?? []);
  for (const place of places) {
    const words = place.slice(1).split("/");
    const last = words.pop() ?? "";
    const box = words.reduce<unknown>((at, word) => (at as Record<string, unknown>)[word], body);
    (box as Record<string, unknown>)[last] = Number.NaN;
  }
}

/** How many numbers an answer leaves out. */
export function cellsLeftOut(body: unknown): number {
  return typeof body === "object" && body !== null && "cells_left_out" in body ? (body.cells_left_out as Left).count : 0;
}
