/** The curves as numbers: some points of each, every one with its people. */

import type { CurvePoint } from "@/api/types.ts";
import { count, duration, percent } from "@/lib/format.ts";
import { type Counted, many, wordsOf } from "@/stages/measure/funnel-counted.ts";
import { likelyShare } from "@/stages/measure/sentences.ts";
import type { SurvivalLine } from "@/stages/measure/survival-chart.ts";
import { LOG_MARKS } from "@/stages/measure/time-scale.ts";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { Figure } from "@/ui/figure.tsx";
import classes from "./answer.module.css";

interface SurvivalTableProps {
  readonly lines: readonly SurvivalLine[];
  readonly counted: Counted;
  readonly open: (line: SurvivalLine, point: CurvePoint) => void;
}

interface Row {
  readonly line: SurvivalLine;
  readonly point: CurvePoint;
}

export function SurvivalTable({ lines, counted, open }: SurvivalTableProps) {
  const rows = lines.flatMap((line) => marked(line.step.survival?.curve ?? []).map((point): Row => ({ line, point })));
  const columns: readonly ColumnOf<Row>[] = [
    { name: "Step", show: ({ line }) => <span className={classes.one}>{line.name === line.step.name ? line.name : `${line.name}: ${line.step.name}`}</span> },
    { name: "Within", right: true, show: ({ point }) => duration(point.seconds) },
    {
      name: "Seen to get there",
      right: true,
      show: ({ line, point }) => (
        <Figure meaning={{ what: `${many(point.entities, counted)} reached ${line.step.name} within ${duration(point.seconds)} of the first step.`, lines: ["A click opens them."] }} onOpen={() => open(line, point)}>
          {count(point.entities)}
        </Figure>
      ),
    },
    {
      name: "Share by then",
      right: true,
      show: ({ point }) => <Figure meaning={{ what: `Share of all ${wordsOf(counted).many} that have reached it by then, those not followed so long reckoned as the others.`, lines: [`${likelyShare(point.interval)} (95 %).`] }}>{percent(point.share)}</Figure>,
    },
    { name: "Likely", show: ({ point }) => <span className={classes.one}>{point.interval ? likelyShare(point.interval).replace(/^likely /, "") : "too few"}</span> },
  ];
  return <DataTable caption="When they get there" columns={columns} rows={rows} keyOf={({ line, point }) => `${line.series} ${line.k} ${point.seconds}`} />;
}

/** Of a curve the last point before each usual time, and its end. */
function marked(curve: readonly CurvePoint[]): readonly CurvePoint[] {
  const found = LOG_MARKS.map((mark) => curve.findLast((point) => point.seconds <= mark));
  return [...new Set([...found, curve.at(-1)])].filter((point) => point !== undefined);
}
