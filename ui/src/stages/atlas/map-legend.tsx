/** One line under the map: the denominator, what the signs mean, and what is not drawn. */

import { UnstyledButton } from "@mantine/core";
import { count } from "@/lib/format.ts";
import { useAtlas } from "@/stages/atlas/atlas-context.ts";
import { hasMoney } from "@/stages/atlas/map-input.ts";
import { lossKind } from "@/stages/atlas/marks.ts";
import classes from "./map-legend.module.css";

const ON_ARROWS = {
  flow: "on arrows: people a month",
  time: "time to the next step, middle case",
  money: "on arrows: worth a month of one more visit in 100 that goes this way",
} as const;

const ONE_SCREEN = 16;

export function MapLegend() {
  const { picture, lens, smaller, showSmaller } = useAtlas();
  const { price, hidden_moves: hidden, document } = picture;
  const assumption = document.steps.some((step) => step.rule === null);
  return (
    <p className={classes.legend}>
      <span data-part="denominator">
        Shares are of <b>{count(price.entrants_per_month)}</b> who come in a month
      </span>
      <span>{ON_ARROWS[lens]}</span>
      {lens !== "time" && hasMoney(picture) && (
        <span>{lossKind(price) === "mendable" ? "on cards: money a month that could be won back" : "on cards: money a month that those who leave would have brought"}</span>
      )}
      {picture.arrows.some(({ kind, shown }) => kind === "return" && shown) && <span>lines above the cards: people who come back</span>}
      {assumption && <span>dashed box: assumption</span>}
      {document.steps.length > ONE_SCREEN && <span>{count(document.steps.length)} steps are more than one screen holds: drag the map, or press T for the table</span>}
      {hidden > 0 && (
        <span data-part="hidden">
          {smaller ? `${count(hidden)} smaller moves shown` : `${count(hidden)} smaller ${hidden === 1 ? "move" : "moves"} hidden`}{" "}
          <UnstyledButton className={classes.link} aria-pressed={smaller} onClick={() => showSmaller(!smaller)}>
            {smaller ? "hide" : "show"}
          </UnstyledButton>
        </span>
      )}
    </p>
  );
}
