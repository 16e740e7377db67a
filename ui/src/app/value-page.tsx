/** Value: what each arrow is worth, what to do next, what no message can fix, and what to ignore. */

import { lazy, Suspense } from "react";
import { useLocation } from "wouter";
import { useAddress } from "@/api/address.ts";
import type { Picture, Workspace } from "@/api/types.ts";
import { ViewSwitch } from "@/app/lens-switch.tsx";
import { usePageLink } from "@/app/page-link.ts";
import { SelectionBar } from "@/app/selection-bar.tsx";
import { WithPicture } from "@/app/with-picture.tsx";
import { arrowsCsv } from "@/charts/download.ts";
import { inSigns } from "@/lib/format.ts";
import { Headline } from "@/stages/atlas/headline.tsx";
import { CannotFix } from "@/stages/value/cannot-fix.tsx";
import { IgnoreList } from "@/stages/value/ignore-list.tsx";
import { Lists, SHOWN } from "@/stages/value/lists.tsx";
import { NextInLine } from "@/stages/value/next-in-line.tsx";
import { Notes } from "@/stages/value/notes.tsx";
import { PriceTable } from "@/stages/value/price-table.tsx";
import { ExportMenu } from "@/ui/export-menu.tsx";
import { LoadingState } from "@/ui/states.tsx";
import classes from "./value-page.module.css";

// Charts are large and not on the first screen: they come when they are asked for.
const PriceChart = lazy(() => import("@/stages/value/price-chart.tsx").then((found) => ({ default: found.PriceChart })));

export function ValuePage() {
  return <WithPicture>{(picture, workspace, stale) => <Loaded {...{ picture, workspace, stale }} />}</WithPicture>;
}

interface LoadedProps {
  readonly picture: Picture;
  readonly workspace: Workspace;
  readonly stale: boolean;
}

function Loaded({ picture, workspace, stale }: LoadedProps) {
  const { look, see } = useAddress();
  const [, go] = useLocation();
  const link = usePageLink();
  const view = look.view ?? "table";
  const { price, document } = picture;
  const { timezone } = workspace;
  const onMap = (word: string, what: string) => {
    const base = link("/map");
    go(`${base}${base.includes("?") ? "&" : "?"}${word}=${encodeURIComponent(what)}`);
  };
  const shared = { price, timezone, openPeople: (people: NonNullable<typeof look.people>) => see({ people }) };
  const openArrow = ({ from, to }: { readonly from: string; readonly to: string }) => onMap("arrow", `${from}/${to}`);
  return (
    <div className={classes.page}>
      <SelectionBar>
        <ViewSwitch view={view} picture="Chart" onChange={(next) => see({ view: next })} />
        <ExportMenu
          name="Price of arrows"
          words={[workspace.name, document.name, "price of arrows"]}
          csv={[{ name: "arrows", text: () => arrowsCsv(document, picture.arrows) }]}
          drawing={async () => (await import("@/stages/value/price-chart.tsx")).priceDrawing(price, document)}
          table={{ on: view === "table", toggle: () => see({ view: view === "table" ? "picture" : "table" }) }}
        />
      </SelectionBar>
      <div className={classes.headline}>
        <Headline text={inSigns(picture.headline, price.currency)} stale={stale} />
      </div>
      <Lists {...shared} openStep={(id) => onMap("step", id)} />
      <div className={classes.columns}>
        <section className={classes.prices} aria-label="Price of arrows" tabIndex={view === "table" ? undefined : 0}>
          {view === "table" ? (
            <PriceTable {...shared} document={document} openArrow={openArrow} />
          ) : (
            <Suspense fallback={<LoadingState what="Drawing" />}>
              <PriceChart price={price} document={document} />
            </Suspense>
          )}
        </section>
        <div className={classes.side}>
          <NextInLine {...shared} after={SHOWN} />
          <CannotFix {...shared} />
          {price.ignore.length > SHOWN && <IgnoreList {...shared} from={SHOWN} title="Ignore these too" limit={price.ignore.length} />}
          <Notes price={price} timezone={timezone} />
        </div>
      </div>
    </div>
  );
}
