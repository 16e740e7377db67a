/** Trends on the page, and as a file; a click on a point opens its people. */

import { useCallback } from "react";
import type { TrendPoint } from "@/api/types.ts";
import type { Palette } from "@/charts/palette.ts";
import { MarkList } from "@/charts/release-marks.tsx";
import { drawingOf, MeasureChart } from "@/stages/measure/measure-chart.tsx";
import { isWhole, type Line, showWords } from "@/stages/measure/trends/lines.ts";
import { TRENDS_HEIGHT, type TrendsDrawing, trendsOption } from "@/stages/measure/trends/trends-chart.ts";
import classes from "@/stages/measure/answer.module.css";

interface TrendsPictureProps {
  readonly drawing: TrendsDrawing;
  readonly hidden: number;
  readonly open: (line: Line, one: TrendPoint) => void;
}

export function TrendsPicture({ drawing, hidden, open }: TrendsPictureProps) {
  const make = useCallback((ink: Palette) => trendsOption(drawing, ink), [drawing]);
  const part = drawing.lines.some(({ points }) => points.some((one) => !isWhole(one)));
  return (
    <div>
      <MeasureChart
        make={make}
        height={TRENDS_HEIGHT}
        label={`${showWords(drawing.counted)[drawing.show]} by ${drawing.period}.`}
        onPick={({ seriesIndex, dataIndex }) => {
          const line = drawing.lines[seriesIndex >> 1];
          const one = line?.points[dataIndex];
          if (line && one && one.entities > 0) open(line, one);
        }}
      />
      <MarkList marks={drawing.marks} timezone={drawing.timezone} />
      <p className={classes.note}>
        {part && `Hollow points are not over, or begin before the selection: a part of a ${drawing.period}, not a fall. `}
        {hidden > 0 && `${hidden} more lines stand in the table (key T).`}
      </p>
    </div>
  );
}

/** The lines as SVG text, to be saved. */
export function trendsDrawing(drawing: TrendsDrawing) {
  return drawingOf((ink) => trendsOption(drawing, ink), TRENDS_HEIGHT);
}
