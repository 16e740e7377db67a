/** Which arrows are lit: those that someone points at or reached by keyboard; all others step back. */

import { createContext, useContext } from "react";

export interface Lit {
  readonly ids: readonly string[];
  readonly light: (ids: readonly string[]) => void;
}

export const NONE: readonly string[] = [];

const Context = createContext<Lit>({ ids: NONE, light: () => undefined });

export const LitProvider = Context.Provider;

/** Whether these arrows are lit or dimmed, and what lights them. */
export function useLit(own: readonly string[]) {
  const { ids, light } = useContext(Context);
  const lit = own.some((id) => ids.includes(id));
  return {
    lit,
    dim: ids.length > 0 && !lit,
    pointing: { onMouseEnter: () => light(own), onMouseLeave: () => light(NONE) },
    focusing: { onFocus: () => light(own), onBlur: () => light(NONE) },
  };
}
