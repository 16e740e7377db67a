/** The curves of retention on the page, and as a file. */

import { useCallback } from "react";
import type { Palette } from "@/charts/palette.ts";
import { drawingOf, MeasureChart } from "@/stages/measure/measure-chart.tsx";
import { type Curve, CURVES_HEIGHT, retentionOption } from "@/stages/measure/retention-chart.ts";
import classes from "./answer.module.css";

interface RetentionPictureProps {
  readonly curves: readonly Curve[];
  readonly period: string;
  readonly hidden: number;
}

export function RetentionPicture({ curves, period, hidden }: RetentionPictureProps) {
  const make = useCallback((ink: Palette) => retentionOption(curves, period, ink), [curves, period]);
  return (
    <div>
      <MeasureChart make={make} height={CURVES_HEIGHT} label={`How many come back, by ${period}s after they began.`} />
      <p className={classes.note}>
        Over all who began so long ago that the {period} is over.{hidden > 0 && ` ${hidden} more stand in the table (key T).`}
      </p>
    </div>
  );
}

/** The curves as SVG text, to be saved. */
export function retentionDrawing(curves: readonly Curve[], period: string) {
  return drawingOf((ink) => retentionOption(curves, period, ink), CURVES_HEIGHT);
}
