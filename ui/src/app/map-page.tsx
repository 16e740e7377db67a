/** The map: one sentence, the picture, and below it what to do next and what to ignore. */

import { useHotkeys, useMediaQuery } from "@mantine/hooks";
import { useMemo } from "react";
import { type Lens, useAddress } from "@/api/address.ts";
import type { Picture, Workspace } from "@/api/types.ts";
import { LensSwitch, ViewSwitch } from "@/app/lens-switch.tsx";
import { SelectionBar } from "@/app/selection-bar.tsx";
import { WithPicture } from "@/app/with-picture.tsx";
import { arrowsCsv, stepsCsv } from "@/charts/download.ts";
import { type Atlas, AtlasProvider } from "@/stages/atlas/atlas-context.ts";
import { Headline } from "@/stages/atlas/headline.tsx";
import { mapDrawing } from "@/stages/atlas/map-drawing.ts";
import { lensOf } from "@/stages/atlas/map-input.ts";
import { Inspector, MapView } from "@/stages/atlas/map-view.tsx";
import { inSigns } from "@/lib/format.ts";
import { Lists } from "@/stages/value/lists.tsx";
import { ExportMenu } from "@/ui/export-menu.tsx";
import classes from "./map-page.module.css";

export function MapPage() {
  const { look, see } = useAddress();
  const phone = useMediaQuery("(max-width: 768px)") ?? false;
  useHotkeys([["Escape", () => see({ step: null, arrow: null })]]);
  return (
    <div className={classes.page}>
      <WithPicture>
        {(picture, workspace, stale) => <Loaded key={phone ? "list" : "wide"} {...{ picture, workspace, stale, phone }} lens={lensOf(look.lens, picture)} />}
      </WithPicture>
    </div>
  );
}

interface LoadedProps {
  readonly picture: Picture;
  readonly workspace: Workspace;
  readonly stale: boolean;
  readonly phone: boolean;
  readonly lens: Lens;
}

function useAtlasValue({ picture, workspace, lens }: LoadedProps): Atlas {
  const { look, see } = useAddress();
  const { step, smaller } = look;
  const arrow = look.arrow?.join("/") ?? null;
  return useMemo(
    () => ({
      picture,
      lens,
      smaller,
      step,
      arrow: arrow === null ? null : [arrow.split("/")[0] ?? "", arrow.split("/")[1] ?? ""],
      timezone: workspace.timezone,
      openStep: (id) => see({ step: id, arrow: null }),
      openArrow: ({ from, to }) => see({ arrow: [from, to], step: null }),
      openPeople: (people) => see({ people }),
      showSmaller: (show) => see({ smaller: show }),
    }),
    [picture, lens, smaller, step, arrow, workspace.timezone, see],
  );
}

function Loaded(props: LoadedProps) {
  const { picture, workspace, stale, phone, lens } = props;
  const { look, see } = useAddress();
  const atlas = useAtlasValue(props);
  const view = look.view ?? "picture";
  const csv = [
    { name: "steps", text: () => stepsCsv(picture.document, picture.price) },
    { name: "moves", text: () => arrowsCsv(picture.document, picture.arrows) },
  ];
  const controls = (
    <>
      <LensSwitch lens={lens} onChange={(next) => see({ lens: next })} />
      <ViewSwitch view={view} picture="Map" onChange={(next) => see({ view: next })} />
      <ExportMenu
        name="Map"
        words={[workspace.name, picture.document.name, lens]}
        csv={csv}
        drawing={() => mapDrawing(picture, lens, look.smaller)}
        table={{ on: view === "table", toggle: () => see({ view: view === "table" ? "picture" : "table" }) }}
      />
    </>
  );
  const map = (
    <div className={classes.map} data-as={view}>
      {phone && <div className={classes.controls}>{controls}</div>}
      <MapView as={view === "table" ? "table" : phone ? "list" : "picture"} />
    </div>
  );
  return (
    <AtlasProvider value={atlas}>
      <SelectionBar>{phone ? null : controls}</SelectionBar>
      <div className={classes.headline}>
        <Headline text={inSigns(picture.headline, picture.price.currency)} stale={stale} />
      </div>
      {!phone && map}
      <Lists price={picture.price} timezone={workspace.timezone} openPeople={atlas.openPeople} openStep={atlas.openStep} />
      {phone && map}
      <Inspector onClose={() => see({ step: null, arrow: null })} />
    </AtlasProvider>
  );
}
