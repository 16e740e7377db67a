/** Builds a question about sessions: after which pause a new one starts. */

import { Select } from "@mantine/core";
import { useExplore } from "@/api/explore.ts";
import classes from "./builder.module.css";
import { worded } from "@/ui/worded.tsx";

const GAPS = [
  { value: "10m", label: "10 minutes" },
  { value: "30m", label: "30 minutes" },
  { value: "1h", label: "an hour" },
  { value: "6h", label: "6 hours" },
  { value: "1d", label: "a day" },
];

export function SessionsBuilder() {
  const { asked, ask } = useExplore();
  const gaps = asked.gap && !GAPS.some((one) => one.value === asked.gap) ? [...GAPS, { value: asked.gap, label: asked.gap }] : GAPS;
  return (
    <div className={classes.builder}>
      <Select size="xs" label={worded("A session ends with a pause of more than")} allowDeselect={false} data={gaps} value={asked.gap ?? "30m"} onChange={(gap) => ask({ gap })} />
    </div>
  );
}
