/** The lane that all returns to one step share; a press on it opens that step. */

import type { EdgeProps } from "@xyflow/react";
import type { Trunk } from "@/map-core/types.ts";
import { useAtlas } from "@/stages/atlas/atlas-context.ts";
import { useLit } from "@/stages/atlas/lit.ts";
import classes from "./arrow-edge.module.css";

export interface TrunkData extends Record<string, unknown> {
  readonly trunk: Trunk;
}

function isTrunk(data: unknown): data is TrunkData {
  return typeof data === "object" && data !== null && "trunk" in data;
}

export function TrunkEdge({ data }: EdgeProps) {
  return isTrunk(data) ? <TrunkLine trunk={data.trunk} /> : null;
}

function TrunkLine({ trunk }: TrunkData) {
  const { openStep } = useAtlas();
  const { dim, pointing } = useLit(trunk.arrows);
  return (
    <g
      className={classes.arrow}
      style={{ "--weight": `${trunk.weight * 100}%` }}
      data-part="trunk"
      data-dim={dim}
      aria-hidden="true"
      onClick={() => openStep(trunk.to)}
      {...pointing}
    >
      {trunk.pieces.map(({ path, width }) => (
        <g key={path}>
          <path d={path} className={classes.wide} />
          <path d={path} className={classes.line} strokeWidth={width} />
        </g>
      ))}
      <path d={trunk.head} className={classes.head} />
    </g>
  );
}
