/** The word by which a new experiment stands in addresses. */

/** Small letters, digits and hyphens of a text, numbered where it is taken. */
export function idOf(text: string, taken: readonly string[]): string {
  const base = text.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 50).replace(/-+$/, "") || "experiment";
  for (let k = 1; ; k++) {
    const id = k === 1 ? base : `${base}-${k}`;
    if (!taken.includes(id)) return id;
  }
}
