/** The curves of when steps are reached, with those who have not (yet) said in words; a point opens its people. */

import { useCallback, useMemo } from "react";
import type { Picked } from "@/charts/echart.tsx";
import type { Palette } from "@/charts/palette.ts";
import type { FunnelSeries } from "@/stages/measure/funnel-chart.ts";
import type { Counted } from "@/stages/measure/funnel-counted.ts";
import { drawingOf, MeasureChart, useNarrow } from "@/stages/measure/measure-chart.tsx";
import { censoredSentence } from "@/stages/measure/sentences.ts";
import { drawnLines, SURVIVAL_HEIGHT, type SurvivalLine, survivalLines, survivalOption } from "@/stages/measure/survival-chart.ts";
import type { CurvePoint } from "@/api/types.ts";
import classes from "./answer.module.css";

interface SurvivalPictureProps {
  readonly series: readonly FunnelSeries[];
  readonly counted: Counted;
  readonly open: (line: SurvivalLine, point: CurvePoint) => void;
}

export function SurvivalPicture({ series, counted, open }: SurvivalPictureProps) {
  const narrow = useNarrow();
  const { all, lines } = useMemo(() => {
    const all = survivalLines(series);
    return { all, lines: drawnLines(all) };
  }, [series]);
  const make = useCallback((ink: Palette) => survivalOption(lines, ink, narrow), [lines, narrow]);
  const pick = ({ seriesIndex, dataIndex }: Picked) => {
    const line = lines[seriesIndex];
    const point = line?.step.survival?.curve[dataIndex - 1];
    if (line && point) open(line, point);
  };
  return (
    <div className={classes.answer}>
      {lines.some((line) => line.step.survival?.reached) && (
        <MeasureChart make={make} height={SURVIVAL_HEIGHT} label="Which share has reached each step, by the time since the first one." onPick={pick} />
      )}
      <ul className={classes.notes}>
        {lines.map((line) => (
          <li key={`${line.series} ${line.k}`}>{censoredSentence(line.step, line.name, counted)}</li>
        ))}
        {all.length > lines.length && <li>The curves of {all.length - lines.length} earlier steps stand as numbers in the table below.</li>}
        <li>Those who were not there yet count as on the way for as long as they were followed, so a curve may end above the share in the bars.</li>
      </ul>
    </div>
  );
}

/** The curves as SVG text, to be saved. */
export function survivalDrawing(series: readonly FunnelSeries[]) {
  return drawingOf((ink) => survivalOption(drawnLines(survivalLines(series)), ink), SURVIVAL_HEIGHT);
}
