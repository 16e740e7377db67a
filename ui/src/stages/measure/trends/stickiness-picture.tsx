/** Stickiness on the page, and as a file; a click on a bar opens its people. */

import { useCallback } from "react";
import type { Palette } from "@/charts/palette.ts";
import { drawingOf, MeasureChart } from "@/stages/measure/measure-chart.tsx";
import { type Levels, STICKINESS_HEIGHT, stickinessOption } from "@/stages/measure/trends/stickiness-chart.ts";

interface StickinessPictureProps {
  readonly sides: readonly Levels[];
  readonly period: string;
  readonly open: (side: Levels, periods: number) => void;
}

export function StickinessPicture({ sides, period, open }: StickinessPictureProps) {
  const make = useCallback((ink: Palette) => stickinessOption(sides, period, ink), [sides, period]);
  return (
    <MeasureChart
      make={make}
      height={STICKINESS_HEIGHT}
      label={`How many people are active on exactly so many ${period}s.`}
      onPick={({ seriesIndex, dataIndex }) => {
        const side = sides[seriesIndex];
        const one = side?.levels[dataIndex];
        if (side && one && one.entities > 0) open(side, one.periods);
      }}
    />
  );
}

/** The bars as SVG text, to be saved. */
export function stickinessDrawing(sides: readonly Levels[], period: string) {
  return drawingOf((ink) => stickinessOption(sides, period, ink), STICKINESS_HEIGHT);
}
