/** Picture, table or list of one map, with the inspector beside it. */

import { useAtlas } from "@/stages/atlas/atlas-context.ts";
import { ArrowPanel } from "@/stages/atlas/arrow-panel.tsx";
import { MapCanvas } from "@/stages/atlas/map-canvas.tsx";
import { MapLegend } from "@/stages/atlas/map-legend.tsx";
import { MapList } from "@/stages/atlas/map-list.tsx";
import { MapTable } from "@/stages/atlas/map-table.tsx";
import { StepPanel } from "@/stages/atlas/step-panel.tsx";
import classes from "./map-view.module.css";

interface MapViewProps {
  readonly as: "picture" | "table" | "list";
}

export function MapView({ as }: MapViewProps) {
  return (
    <section className={classes.view} data-as={as} aria-label="Map">
      <div className={classes.main}>{as === "table" ? <MapTable /> : as === "list" ? <MapList /> : <MapCanvas />}</div>
      <MapLegend />
    </section>
  );
}

export function Inspector({ onClose }: { readonly onClose: () => void }) {
  const { step, arrow } = useAtlas();
  if (arrow) return <ArrowPanel key={arrow.join("/")} from={arrow[0]} to={arrow[1]} onClose={onClose} />;
  return step ? <StepPanel key={step} id={step} onClose={onClose} /> : null;
}
