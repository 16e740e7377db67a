/** The life of people on the page, and as a file; a click on a bar opens its people. */

import { useCallback } from "react";
import type { Palette } from "@/charts/palette.ts";
import { MarkList } from "@/charts/release-marks.tsx";
import type { LifePeriod } from "@/api/types.ts";
import { type Kind, KINDS, LIFE_HEIGHT, type LifeDrawing, lifeOption, stayedOption } from "@/stages/measure/lifecycle-chart.ts";
import { drawingOf, MeasureChart } from "@/stages/measure/measure-chart.tsx";
import classes from "./answer.module.css";

export type LifeSide = LifeDrawing & { readonly name: string };

interface LifecyclePictureProps {
  readonly sides: readonly LifeSide[];
  readonly open: (one: LifePeriod, kind: Kind) => void;
}

/** One selection as bars, two as lines of who is there again. */
export function LifecyclePicture({ sides, open }: LifecyclePictureProps) {
  const make = useCallback((ink: Palette) => optionOf(sides, ink), [sides]);
  const [first] = sides;
  if (!first) return null;
  const alone = sides.length === 1;
  return (
    <div className={classes.answer}>
      <MeasureChart
        make={make}
        height={LIFE_HEIGHT}
        label={alone ? `Who is new, there again, back and gone, by ${first.period}.` : `Who of those there in one ${first.period} is there in the next, in A and in B.`}
        onPick={({ seriesIndex, dataIndex }) => {
          const [one, kind] = [first.periods[dataIndex], KINDS[seriesIndex]];
          if (alone && one && kind && one[kind]) open(one, kind);
        }}
      />
      <MarkList marks={first.marks} timezone={first.timezone} />
    </div>
  );
}

function optionOf(sides: readonly LifeSide[], ink: Palette) {
  const [first] = sides;
  return first && sides.length === 1 ? lifeOption(first, ink) : stayedOption(sides, ink);
}

/** The picture as SVG text, to be saved. */
export function lifecycleDrawing(sides: readonly LifeSide[]) {
  return drawingOf((ink) => optionOf(sides, ink), LIFE_HEIGHT);
}
