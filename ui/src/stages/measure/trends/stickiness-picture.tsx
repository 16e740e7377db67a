/** Stickiness on the page, and as a file; a click on a bar opens its people. */

import { useCallback } from "react";
import type { Palette } from "@/charts/palette.ts";
import { ownersOf } from "@/stages/measure/funnel-counted.ts";
import { drawingOf, MeasureChart } from "@/stages/measure/measure-chart.tsx";
import { type Levels, STICKINESS_HEIGHT, type StickinessDrawing, stickinessOption } from "@/stages/measure/trends/stickiness-chart.ts";

interface StickinessPictureProps {
  readonly drawing: StickinessDrawing;
  readonly open: (side: Levels, periods: number) => void;
}

export function StickinessPicture({ drawing, open }: StickinessPictureProps) {
  const make = useCallback((ink: Palette) => stickinessOption(drawing, ink), [drawing]);
  const { sides, period, counted } = drawing;
  return (
    <MeasureChart
      make={make}
      height={STICKINESS_HEIGHT}
      label={`How many ${ownersOf(counted).many} are active on exactly so many ${period}s.`}
      onPick={({ seriesIndex, dataIndex }) => {
        const side = sides[seriesIndex];
        const one = side?.levels[dataIndex];
        if (side && one && one.entities > 0) open(side, one.periods);
      }}
    />
  );
}

/** The bars as SVG text, to be saved. */
export function stickinessDrawing(drawing: StickinessDrawing) {
  return drawingOf((ink) => stickinessOption(drawing, ink), STICKINESS_HEIGHT);
}
