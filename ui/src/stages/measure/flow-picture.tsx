/** The largest moves on the page and as a file; a click on a band opens its people. */

import { useCallback } from "react";
import type { Edge } from "@/api/types.ts";
import type { Palette } from "@/charts/palette.ts";
import { count } from "@/lib/format.ts";
import { flowHeight, flowOption } from "@/stages/measure/flow-chart.ts";
import { drawingOf, MeasureChart } from "@/stages/measure/measure-chart.tsx";
import classes from "./answer.module.css";

interface FlowPictureProps {
  readonly edges: readonly Edge[];
  readonly rest: readonly Edge[];
  readonly open: (edge: Edge) => void;
}

export function FlowPicture({ edges, rest, open }: FlowPictureProps) {
  const make = useCallback((ink: Palette) => flowOption(edges, ink), [edges]);
  const left = rest.reduce((sum, edge) => sum + edge.count, 0);
  return (
    <div>
      <MeasureChart
        make={make}
        height={flowHeight(edges)}
        label="Where people are, at the left, and where they go next, at the right."
        onPick={({ dataType, dataIndex }) => {
          const edge = edges[dataIndex];
          if (dataType === "edge" && edge) open(edge);
        }}
      />
      <p className={classes.note}>
        At the left where they are, at the right where they go next.
        {rest.length > 0 && ` ${count(rest.length)} smaller moves, made ${count(left)} times, stand in the table.`}
      </p>
    </div>
  );
}

/** The moves as SVG text, to be saved. */
export function flowDrawing(edges: readonly Edge[]) {
  return drawingOf((ink) => flowOption(edges, ink), flowHeight(edges));
}
