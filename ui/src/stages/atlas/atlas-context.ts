/** What every piece of the map page needs: the picture, the lens, and what a press does. */

import { createContext, useContext } from "react";
import type { Lens } from "@/api/address.ts";
import type { PeopleOf } from "@/api/people-of.ts";
import type { Arrow, MapStep, Picture, StepFigures } from "@/api/types.ts";

export interface Atlas {
  readonly picture: Picture;
  readonly timezone: string;
  readonly lens: Lens;
  readonly smaller: boolean;
  readonly step: string | null;
  readonly arrow: readonly [string, string] | null;
  readonly openStep: (id: string) => void;
  readonly openArrow: (arrow: Pick<Arrow, "from" | "to">) => void;
  readonly openPeople: (of: PeopleOf) => void;
  readonly showSmaller: (show: boolean) => void;
}

const Context = createContext<Atlas | null>(null);

export const AtlasProvider = Context.Provider;

/** The map page's state; only inside `AtlasProvider`. */
export function useAtlas(): Atlas {
  const atlas = useContext(Context);
  if (!atlas) throw new Error("useAtlas stands outside AtlasProvider");
  return atlas;
}

/** A step of the map with its figures. */
export function useStep(id: string): { readonly step: MapStep | undefined; readonly figures: StepFigures | undefined } {
  const { picture } = useAtlas();
  return {
    step: picture.document.steps.find((one) => one.id === id),
    figures: picture.price.steps.find((one) => one.id === id),
  };
}
