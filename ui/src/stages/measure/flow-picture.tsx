/** The largest moves on the page and as a file; a click on a band opens its people. */

import { useMediaQuery } from "@mantine/hooks";
import { useCallback } from "react";
import type { Palette } from "@/charts/palette.ts";
import { type Band, flowHeight, flowOption, MARGIN } from "@/stages/measure/flow-chart.ts";
import { ownersOf, useWhole } from "@/stages/measure/funnel-counted.ts";
import { drawingOf, MeasureChart } from "@/stages/measure/measure-chart.tsx";
import classes from "./answer.module.css";

interface FlowPictureProps {
  readonly bands: readonly Band[];
  readonly differ: boolean;
  /** What stands in the table and not in the picture. */
  readonly rest: string;
  readonly open: (band: Band) => void;
}

export function FlowPicture({ bands, differ, rest, open }: FlowPictureProps) {
  const { many } = ownersOf(useWhole());
  const narrow = useMediaQuery("(max-width: 900px)");
  const margin = narrow ? MARGIN.narrow : MARGIN.wide;
  const make = useCallback((ink: Palette) => flowOption(bands, { differ, margin }, ink), [bands, differ, margin]);
  return (
    <div>
      {differ && <Legend />}
      <MeasureChart
        make={make}
        height={flowHeight(bands)}
        label={`Where ${many} are, at the left, and where they go next, at the right${differ ? ": how B differs from A" : ""}.`}
        onPick={({ dataType, dataIndex }) => {
          const band = bands[dataIndex];
          if (dataType === "edge" && band) open(band);
        }}
      />
      <p className={classes.note}>
        At the left where they are, at the right where they go next.
        {differ && " As thick as both sides together; on a band by how many points B differs."}
        {rest}
      </p>
    </div>
  );
}

/** What the colours mean; the words on the bands and in the table say the same. */
function Legend() {
  return (
    <ul className={classes.legend}>
      <li>
        <span className={classes.swatch} data-tone="more" aria-hidden="true" /> B goes this way more often (▲)
      </li>
      <li>
        <span className={classes.swatch} data-tone="less" aria-hidden="true" /> less often (▼)
      </li>
      <li>
        <span className={classes.swatch} data-tone="plain" aria-hidden="true" /> cannot be told apart
      </li>
    </ul>
  );
}

/** The moves as SVG text, to be saved. */
export function flowDrawing(bands: readonly Band[], differ: boolean) {
  return drawingOf((ink) => flowOption(bands, { differ, margin: MARGIN.wide }, ink), flowHeight(bands));
}
