/** The funnel's bars on the page; a click on a bar opens those who reached the step, or who stopped before it. */

import { useCallback } from "react";
import { useExplore } from "@/api/explore.ts";
import type { PeopleOf } from "@/api/people-of.ts";
import type { Picked } from "@/charts/echart.tsx";
import type { Palette } from "@/charts/palette.ts";
import { funnelCell } from "@/lib/cells.ts";
import { type FunnelSeries, funnelHeight, funnelOption } from "@/stages/measure/funnel-chart.ts";
import { countedOf, ownersOf, wordsOf } from "@/stages/measure/funnel-counted.ts";
import { drawingOf, MeasureChart, useNarrow } from "@/stages/measure/measure-chart.tsx";
import { cellOf, type Ground } from "@/stages/measure/number-of.ts";
import classes from "./answer.module.css";

interface FunnelPictureProps {
  readonly series: readonly FunnelSeries[];
  readonly grounds: readonly Ground[];
  readonly hidden: number;
  readonly open: (of: PeopleOf) => void;
}

export function FunnelPicture({ series, grounds, hidden, open }: FunnelPictureProps) {
  const counted = countedOf(useExplore().asked);
  const narrow = useNarrow();
  const make = useCallback((ink: Palette) => funnelOption(series, ink, narrow), [series, narrow]);
  const pick = ({ seriesIndex, dataIndex }: Picked) => {
    const lost = seriesIndex >= series.length;
    const row = series[lost ? 0 : seriesIndex];
    const ground = grounds[lost ? 0 : seriesIndex];
    const name = row?.steps[dataIndex]?.name;
    if (!row || !ground || !name) return;
    const cell = funnelCell(`${lost ? "dropped" : "reached"} ${dataIndex + 1}`, row.part);
    open(cellOf(ground, cell, `${ownersOf(counted).who} ${lost ? "stopped before" : "reached"} ${name}`));
  };
  return (
    <div className={classes.answer}>
      <MeasureChart make={make} height={funnelHeight(series)} label={`How many ${wordsOf(counted).many} reach each step, with what is likely.`} onPick={pick} />
      {hidden > 0 && <p className={classes.note}>{hidden} more stand in the table (key T).</p>}
    </div>
  );
}

/** The bars as SVG text, to be saved. */
export function funnelDrawing(series: readonly FunnelSeries[]) {
  return drawingOf((ink) => funnelOption(series, ink), funnelHeight(series));
}
