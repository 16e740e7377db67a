/** Cards, exits and stage names as nodes of the canvas. */

import { Handle, Position } from "@xyflow/react";
import { leaveMeaning } from "@/charts/meaning.ts";
import { count } from "@/lib/format.ts";
import { useAtlas, useStep } from "@/stages/atlas/atlas-context.ts";
import { StepCard } from "@/stages/atlas/step-card.tsx";
import { Figure } from "@/ui/figure.tsx";
import classes from "./map-nodes.module.css";

export function StepNode({ data }: { readonly data: { readonly id: string; readonly strength: number } }) {
  return (
    <>
      <Handle type="target" position={Position.Left} className={classes.handle} isConnectable={false} />
      <StepCard id={data.id} strength={data.strength} />
      <Handle type="source" position={Position.Right} className={classes.handle} isConnectable={false} />
    </>
  );
}

export function ExitNode({ data }: { readonly data: { readonly step: string } }) {
  const { picture, openPeople, timezone } = useAtlas();
  const { step, figures } = useStep(data.step);
  if (!figures || !step) return null;
  return (
    <div className={classes.exit} data-exit={data.step}>
      <span className={classes.stub} aria-hidden="true" />
      <Figure
        className={classes.leave}
        meaning={leaveMeaning(figures, picture.price, timezone)}
        label={`${count(figures.leave_per_month)} leave a month at ${step.name}`}
        onOpen={() => openPeople({ kind: "arrow", from: data.step, to: "exit" })}
      >
        {count(figures.leave_per_month)} leave
      </Figure>
    </div>
  );
}

export function StageNode({ data }: { readonly data: { readonly label: string; readonly width: number } }) {
  if (!data.label) return null;
  return (
    <h2 className={classes.stage} style={{ width: data.width }}>
      {data.label}
    </h2>
  );
}
