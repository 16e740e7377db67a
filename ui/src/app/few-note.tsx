/** How many numbers the answers on a page leave out, since they would be of few people. */

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";
import { cellsLeftOut, fewWords } from "@/lib/few.ts";
import classes from "@/ui/left-out.module.css";

export function FewNote() {
  const cache = useQueryClient().getQueryCache();
  const left = useSyncExternalStore(
    useCallback((tell: () => void) => cache.subscribe(tell), [cache]),
    () => cache.findAll({ type: "active" }).reduce((sum, query) => sum + cellsLeftOut(query.state.data), 0),
  );
  if (left === 0) return null;
  return (
    <p className={classes.line} role="note" data-part="few">
      Numbers on this page that your role is not shown: {left}. They are {fewWords()}, or what would tell such a number.
    </p>
  );
}
