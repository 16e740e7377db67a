/** Which journeys of an answer its period cuts: what looks like their beginning, or their end, is none. */

import { useAddress } from "@/api/address.ts";
import { useExplore } from "@/api/explore.ts";
import { useCut } from "@/api/measure-queries.ts";
import { selectionQuery } from "@/api/selection.ts";
import { count } from "@/lib/format.ts";
import { entityOf } from "@/lib/units.ts";
import { ownersOf, useWhole } from "@/stages/measure/funnel-counted.ts";
import { Figure } from "@/ui/figure.tsx";
import classes from "@/ui/left-out.module.css";

export function CutLine() {
  const { asked, selection } = useExplore();
  const { see } = useAddress();
  const { many } = ownersOf(useWhole());
  const query = selectionQuery(selection);
  const whose = entityOf(asked.of);
  if (whose) query.set("of", whose);
  const { data } = useCut(query, Boolean(selection.from ?? selection.to));
  if (!data || data.began_before + data.go_on_after === 0) return null;
  const figure = (people: number, cell: string, what: string) => {
    const title = `Journeys that ${cell} the period`;
    const behind = new URLSearchParams(query);
    behind.set("cell", cell);
    return (
      <Figure meaning={{ what, lines: ["A click opens them."] }} onOpen={() => see({ people: { kind: "cell", word: "cut", query: behind.toString(), title } })}>
        {count(people)}
      </Figure>
    );
  };
  return (
    <p className={classes.line} data-part="cut">
      Of {count(data.entities)} {many} in this period
      {data.began_before !== 0 && <> {figure(data.began_before, "began before", "Their first event lies before the period: what looks like a beginning here is none.")} began before it and are cut on the left</>}
      {data.began_before !== 0 && data.go_on_after !== 0 && ";"}
      {data.go_on_after !== 0 && <> {figure(data.go_on_after, "go on after", "They have an event after the period: what looks like an end here is none.")} go on after it</>}
      .
    </p>
  );
}
