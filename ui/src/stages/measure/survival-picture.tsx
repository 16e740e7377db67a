/** The curves of when steps are reached, with those who have not (yet) said in words; a point opens its people. */

import { useCallback } from "react";
import type { PeopleOf } from "@/api/people-of.ts";
import type { Picked } from "@/charts/echart.tsx";
import type { Palette } from "@/charts/palette.ts";
import type { FunnelSeries } from "@/stages/measure/funnel-chart.ts";
import type { Counted } from "@/stages/measure/funnel-counted.ts";
import { funnelCell } from "@/stages/measure/funnel-table.tsx";
import { drawingOf, MeasureChart } from "@/stages/measure/measure-chart.tsx";
import type { Ground } from "@/stages/measure/number-of.ts";
import { censoredSentence } from "@/stages/measure/sentences.ts";
import { SURVIVAL_HEIGHT, survivalLines, survivalOption } from "@/stages/measure/survival-chart.ts";
import { duration } from "@/lib/format.ts";
import classes from "./answer.module.css";

interface SurvivalPictureProps {
  readonly series: readonly FunnelSeries[];
  readonly grounds: readonly Ground[];
  readonly counted: Counted;
  readonly open: (of: PeopleOf) => void;
}

export function SurvivalPicture({ series, grounds, counted, open }: SurvivalPictureProps) {
  const lines = survivalLines(series);
  const make = useCallback((ink: Palette) => survivalOption(survivalLines(series), ink), [series]);
  const pick = ({ seriesIndex, dataIndex }: Picked) => {
    const line = lines[seriesIndex];
    const point = line?.step.survival?.curve[dataIndex - 1];
    const ground = line && grounds[line.series];
    if (!line || !point || !ground) return;
    const title = `People who reached ${line.step.name} within ${duration(point.seconds)}`;
    open(funnelCell(ground, `reached ${line.k + 1} by ${point.seconds.toFixed(3)}s`, { title, part: series[line.series]?.part }));
  };
  return (
    <div className={classes.answer}>
      <MeasureChart make={make} height={SURVIVAL_HEIGHT} label="Which share has reached each step, by the time since the first one." onPick={pick} />
      <ul className={classes.notes}>
        {lines.map((line) => (
          <li key={`${line.series} ${line.k}`}>{censoredSentence(line.step, line.name, counted)}</li>
        ))}
        <li>Who had not yet counts as still on the way until the data end, so a curve may end above the share in the bars.</li>
      </ul>
    </div>
  );
}

/** The curves as SVG text, to be saved. */
export function survivalDrawing(series: readonly FunnelSeries[]) {
  return drawingOf((ink) => survivalOption(survivalLines(series), ink), SURVIVAL_HEIGHT);
}
