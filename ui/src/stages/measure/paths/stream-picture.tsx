/** A stream on the page and as a file; a click on a box or band opens its people, one on the others shows them one by one. */

import { useCallback } from "react";
import type { Picked } from "@/charts/echart.tsx";
import type { Palette } from "@/charts/palette.ts";
import { drawingOf, MeasureChart } from "@/stages/measure/measure-chart.tsx";
import type { Stream } from "@/stages/measure/paths/stream.ts";
import { ordered, streamHeight, streamOption, streamWidth } from "@/stages/measure/paths/stream-chart.ts";
import answer from "@/stages/measure/answer.module.css";
import classes from "./ways.module.css";

interface StreamPictureProps {
  readonly stream: Stream;
  readonly label: string;
  readonly note: string;
  readonly open: (cell: string, title: string) => void;
  readonly openOthers?: (level: number) => void;
}

export function StreamPicture({ stream, label, note, open, openOthers }: StreamPictureProps) {
  const make = useCallback((ink: Palette) => streamOption(stream, ink), [stream]);
  const pick = ({ dataType, dataIndex }: Picked) => {
    const boxes = ordered(stream.boxes);
    const known = new Set(boxes.map((box) => box.id));
    const band = stream.bands.filter((one) => known.has(one.from) && known.has(one.to))[dataIndex];
    if (dataType === "edge") {
      if (band) open(band.cell, band.title);
      return;
    }
    const box = boxes[dataIndex];
    if (box && box.opens !== null && openOthers) openOthers(box.opens);
    else if (box && box.cell !== null) open(box.cell, box.title);
  };
  return (
    <div>
      <div className={classes.wide} tabIndex={0} role="region" aria-label={label}>
        <div style={{ minWidth: streamWidth(stream) }}>
          <MeasureChart make={make} height={streamHeight(stream)} label={label} onPick={pick} />
        </div>
      </div>
      <p className={answer.note}>{note}</p>
    </div>
  );
}

/** The stream as SVG text, to be saved. */
export function streamDrawing(stream: Stream) {
  return drawingOf((ink) => streamOption(stream, ink), streamHeight(stream));
}
