/** Retention over all cohorts whose cell is over: how many came back, of how many. */

import type { Cohort } from "@/api/types.ts";

export interface Pooled {
  readonly k: number;
  readonly came: number;
  readonly size: number;
}

/** One row for each number of periods that some cohort has seen to its end. */
export function pooled(cohorts: readonly Cohort[]): readonly Pooled[] {
  const longest = Math.max(0, ...cohorts.map((one) => one.retained.length));
  const rows = Array.from({ length: longest }, (_, k) => {
    const known = cohorts.filter((one) => one.retained[k] != null && !Number.isNaN(one.retained[k]) && !Number.isNaN(one.size));
    return { k, came: known.reduce((sum, one) => sum + (one.retained[k] ?? 0), 0), size: known.reduce((sum, one) => sum + one.size, 0) };
  });
  return rows.filter((row) => row.size > 0);
}
