/** Builds a question about sessions: after which pause a new one starts. */

import { useExplore } from "@/api/explore.ts";
import { TimeSelect } from "@/stages/measure/time-select.tsx";
import classes from "./builder.module.css";

const GAPS = ["10m", "30m", "1h", "6h", "1d"];

export function SessionsBuilder() {
  const { asked, ask } = useExplore();
  return (
    <div className={classes.builder}>
      <TimeSelect label="A session ends with a pause of more than" times={GAPS} none={null} value={asked.gap ?? "30m"} onChange={(gap) => ask({ gap })} />
    </div>
  );
}
