/** The lot of a text, 0 up to 1: always the same, and as if drawn. Fowler-Noll-Vo's hash with its last bits mixed in. */
export function lot(text: string): number {
  let hash = 2166136261;
  for (const sign of text) hash = Math.imul(hash ^ sign.charCodeAt(0), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 2246822507);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
