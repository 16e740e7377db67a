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
  const { to, weight, pieces, head } = trunk;
  return (
    <g aria-hidden="true" onClick={() => openStep(to)}>
      {pieces.map((piece, k) => (
        <TrunkPiece key={piece.path} {...piece} weight={Math.ceil(weight * 3)} head={k === pieces.length - 1 ? head : null} />
      ))}
    </g>
  );
}

type PieceProps = Trunk["pieces"][number] & { readonly weight: number; readonly head: string | null };

/** Whoever points at it lights all returns that run on it. */
function TrunkPiece({ path, width, arrows, weight, head }: PieceProps) {
  const { dim, pointing } = useLit(arrows);
  return (
    <g className={classes.arrow} data-part="trunk" data-weight={weight} data-dim={dim} {...pointing}>
      <path d={path} className={classes.wide} />
      <path d={path} className={classes.line} strokeWidth={width} />
      {head && <path d={head} className={classes.head} />}
    </g>
  );
}
