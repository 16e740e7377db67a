/** The bars of what separates two groups, on the page and as a file. */

import { useCallback } from "react";
import type { Separating } from "@/api/types.ts";
import type { Palette } from "@/charts/palette.ts";
import { drawingOf, MeasureChart } from "@/stages/measure/measure-chart.tsx";
import { apartHeight, apartOption, drawn } from "@/stages/measure/separates/separates-chart.ts";
import classes from "@/stages/measure/answer.module.css";

export function SeparatesPicture({ things }: { readonly things: readonly Separating[] }) {
  const make = useCallback((ink: Palette) => apartOption(things, ink), [things]);
  const hidden = things.length - drawn(things).length;
  return (
    <div>
      <MeasureChart make={make} height={apartHeight(things)} label="What goes together with B, to the right, and with A, to the left." />
      <p className={classes.note}>
        The thin line is where each difference likely lies.{hidden > 0 && ` ${hidden} more stand in the table (key T).`}
      </p>
    </div>
  );
}

/** The bars as SVG text, to be saved. */
export function separatesDrawing(things: readonly Separating[]) {
  return drawingOf((ink) => apartOption(things, ink), apartHeight(things));
}
