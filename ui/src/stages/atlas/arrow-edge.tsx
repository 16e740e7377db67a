/** An arrow as the layout routed it, and its text as a button on the line. */

import { Tooltip } from "@mantine/core";
import type { EdgeProps } from "@xyflow/react";
import type { Lens } from "@/api/address.ts";
import type { DrawnArrow } from "@/api/types.ts";
import type { Route } from "@/map-core/types.ts";
import { useAtlas } from "@/stages/atlas/atlas-context.ts";
import classes from "./arrow-edge.module.css";

export interface ArrowData extends Record<string, unknown> {
  readonly route: Route;
  readonly move: DrawnArrow;
  readonly lens: Lens;
  readonly strength: number;
  readonly quiet: boolean;
  readonly text: string;
  readonly sentence: string;
}

function useArrow({ route, move, lens, strength, quiet }: ArrowData) {
  const { openArrow, arrow: open } = useAtlas();
  const { arrow } = move;
  return {
    press: () => openArrow(arrow),
    marks: {
      "data-lens": lens,
      "data-strength": strength,
      "data-kind": route.kind,
      "data-quiet": quiet,
      "data-open": open?.[0] === arrow.from && open[1] === arrow.to,
    },
  };
}

function isArrow(data: unknown): data is ArrowData {
  return typeof data === "object" && data !== null && "route" in data && "move" in data;
}

export function ArrowEdge({ data }: EdgeProps) {
  return isArrow(data) ? <ArrowLine data={data} /> : null;
}

function ArrowLine({ data }: { readonly data: ArrowData }) {
  const { press, marks } = useArrow(data);
  const { route } = data;
  return (
    <g className={classes.arrow} {...marks} aria-hidden="true" onClick={press}>
      <path d={route.path} className={classes.wide} />
      <path d={route.path} className={classes.line} strokeWidth={route.width} />
      <path d={route.head} className={classes.head} />
    </g>
  );
}

/** The text of an arrow; a dot where no room was free. Stands among the nodes so that the keyboard follows the flow. */
export function ArrowLabel({ data }: { readonly data: ArrowData }) {
  const { press, marks } = useArrow(data);
  const { route, text, sentence } = data;
  return (
    <Tooltip label={sentence} multiline maw={280} classNames={{ tooltip: classes.tooltip ?? "" }}>
      <button
        type="button"
        className={route.label ? classes.text : classes.dot}
        {...marks}
        data-arrow={route.id}
        aria-label={route.label ? `${text}: ${sentence}` : sentence}
        onClick={press}
      >
        {route.label ? text : ""}
      </button>
    </Tooltip>
  );
}
