/** An arrow as the layout routed it, and its text as a button on the line. */

import { Tooltip } from "@mantine/core";
import type { EdgeProps } from "@xyflow/react";
import type { Lens } from "@/api/address.ts";
import type { DrawnArrow } from "@/api/types.ts";
import type { Route } from "@/map-core/types.ts";
import { useAtlas } from "@/stages/atlas/atlas-context.ts";
import { useLit } from "@/stages/atlas/lit.ts";
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
  const { lit, dim, pointing, focusing } = useLit([route.id]);
  const { arrow } = move;
  const isOpen = open?.[0] === arrow.from && open[1] === arrow.to;
  return {
    press: () => openArrow(arrow),
    whole: lit || isOpen,
    pointing,
    focusing,
    marks: {
      "data-lens": lens,
      "data-strength": strength,
      "data-kind": route.kind,
      "data-quiet": quiet,
      "data-open": isOpen,
      "data-lit": lit,
      "data-dim": dim,
    },
  };
}

function isArrow(data: unknown): data is ArrowData {
  return typeof data === "object" && data !== null && "route" in data && "move" in data;
}

export function ArrowEdge({ data }: EdgeProps) {
  return isArrow(data) ? <ArrowLine data={data} /> : null;
}

/** At rest a return that shares a lane draws only its own part; lit or open it draws all of its way. */
function ArrowLine({ data }: { readonly data: ArrowData }) {
  const { press, marks, whole, pointing } = useArrow(data);
  const { path, stem, head, width } = data.route;
  return (
    <g className={classes.arrow} {...marks} data-part={stem ? "stem" : "whole"} {...pointing} aria-hidden="true" onClick={press}>
      <path d={stem ?? path} className={classes.wide} />
      <path d={whole ? path : (stem ?? path)} className={classes.line} strokeWidth={width} />
      {(whole || !stem) && <path d={head} className={classes.head} />}
    </g>
  );
}

/** The text of an arrow; a dot where no room was free. Stands among the nodes so that the keyboard follows the flow. */
export function ArrowLabel({ data }: { readonly data: ArrowData }) {
  const { press, marks, pointing, focusing } = useArrow(data);
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
        {...pointing}
        {...focusing}
      >
        {route.label ? text : ""}
      </button>
    </Tooltip>
  );
}
