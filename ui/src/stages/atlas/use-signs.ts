/** The signs of the map's steps as they are counted, and which of them are holes in what is recorded. */

import { useAddress } from "@/api/address.ts";
import { useSigns } from "@/api/queries.ts";
import { useAtlas } from "@/stages/atlas/atlas-context.ts";

/** Counts of all signs; asked once for the whole map, and not where it has none. */
export function useMapSigns() {
  const { picture } = useAtlas();
  const { selection } = useAddress();
  return useSigns(
    selection,
    picture.document.steps.some((step) => step.signs.length > 0),
  );
}

/** How many signs of a step never came. */
export function useHoles(step: string): number {
  return (useMapSigns().data ?? []).filter((one) => one.step === step && one.events === 0).length;
}

export function holesText(holes: number): string {
  return holes === 1 ? "one sign never came" : `${String(holes)} signs never came`;
}

/** The rule that a person means: a predicate as it stands, or the name of an event. */
export function signRule(text: string): string {
  const plain = text.trim();
  return /[=<>(]|\b(in|is|like)\b/i.test(plain) ? plain : `event = '${plain.replaceAll("'", "''")}'`;
}
