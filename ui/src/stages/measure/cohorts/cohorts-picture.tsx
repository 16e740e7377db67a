/** The curves of what cohorts bring in, on the page and as a file. */

import { useCallback } from "react";
import type { Palette } from "@/charts/palette.ts";
import { MONEY_HEIGHT, MOST_BANDS, moneyOption, type MoneyPicture } from "@/stages/measure/cohorts/cohorts-chart.ts";
import { ownersOf } from "@/stages/measure/funnel-counted.ts";
import { drawingOf, MeasureChart } from "@/stages/measure/measure-chart.tsx";
import classes from "@/stages/measure/answer.module.css";

interface CohortsPictureProps {
  readonly picture: MoneyPicture;
  readonly hidden: number;
}

export function CohortsPicture({ picture, hidden }: CohortsPictureProps) {
  const make = useCallback((ink: Palette) => moneyOption(picture, ink), [picture]);
  const bands = picture.curves.length <= MOST_BANDS ? "The band is where each curve likely lies." : "With so many curves, where each likely lies stands in the table.";
  return (
    <div>
      <MeasureChart make={make} height={MONEY_HEIGHT} label={`What one ${ownersOf(picture.counted).one} brings in, by ${picture.period}s since they began.`} />
      <p className={classes.note}>
        {bands}
        {hidden > 0 && ` ${hidden} more stand in the table (key T).`}
      </p>
    </div>
  );
}

/** The curves as SVG text, to be saved. */
export function cohortsDrawing(picture: MoneyPicture) {
  return drawingOf((ink) => moneyOption(picture, ink), MONEY_HEIGHT);
}
