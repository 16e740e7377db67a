/** How far a cluster is with what somebody waits for; nothing where none is asked. */

import { useClusterWork } from "@/api/queries.ts";

export function ClusterNote() {
  const { data } = useClusterWork();
  const [work] = data ?? [];
  return work ? (
    <p>
      {work.what}: question {work.turn}, {Math.floor(100 * work.share)} % done
    </p>
  ) : null;
}
