/** Marks on everything over time: what was released, or happened, and when; numbered on the chart, named beside it. */

import { useReleases } from "@/api/collect-queries.ts";
import { axisText } from "@/charts/option.ts";
import type { Palette } from "@/charts/palette.ts";
import { type Mark, marksBetween } from "@/lib/marks.ts";
import { moment } from "@/lib/format.ts";
import { Figure } from "@/ui/figure.tsx";
import classes from "./release-marks.module.css";

/** The marks from one instant up to but without another; none while they are not read. */
export function useMarks(from: string | null, to: string | null): readonly Mark[] {
  const releases = useReleases();
  return marksBetween(releases.data ?? [], from, to);
}

/** The lines of the marks for a series on an axis of time; a line that is pointed at says its name. */
export function markLines(marks: readonly Mark[], ink: Palette) {
  const label = { ...axisText(ink), distance: 4 };
  return {
    symbol: "none",
    animation: false,
    lineStyle: { color: ink.soft, type: "dashed" as const, width: 1 },
    label: { ...label, formatter: ({ dataIndex }: { dataIndex: number }) => String(marks[dataIndex]?.n ?? "") },
    emphasis: {
      lineStyle: { color: ink.ink, width: 2 },
      label: { ...label, color: ink.ink, fontWeight: 600 as const, formatter: ({ dataIndex }: { dataIndex: number }) => marks[dataIndex]?.name ?? "" },
    },
    tooltip: { show: false },
    // Numbers of neighbours stand in two rows, so that lines close to each other can be told apart.
    data: marks.map((mark) => ({ xAxis: Date.parse(mark.time), label: { distance: mark.n % 2 === 0 ? 16 : 4 } })),
  };
}

/** What each numbered line is, for everybody: those who point, who tab, and who listen. */
export function MarkList({ marks, timezone }: { readonly marks: readonly Mark[]; readonly timezone: string }) {
  if (marks.length === 0) return null;
  return (
    <div className={classes.list} data-part="marks">
      <span className={classes.what}>Marks</span>
      <ol aria-label="What was released, or happened">
        {marks.map((mark) => (
          <li key={mark.n}>
            <span className={classes.number}>{mark.n}</span>
            <Figure meaning={{ what: mark.name, lines: [moment(mark.time, timezone), mark.note].filter(Boolean) }}>{mark.name}</Figure>
            <span className={classes.when}>{moment(mark.time, timezone)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

interface MarkTagProps {
  readonly marks: readonly Mark[];
  readonly timezone: string;
  /** Whether the moment stands beside the name: where no row says it. */
  readonly dated?: boolean;
}

/** The marks inside one row over time, or between two. */
export function MarkTag({ marks, timezone, dated = false }: MarkTagProps) {
  if (marks.length === 0) return null;
  const names = marks.map((mark) => `${mark.name}, ${moment(mark.time, timezone)}`);
  return (
    <Figure className={classes.tag} label={`Marks: ${names.join("; ")}`} meaning={{ what: dated ? "In between lies:" : "In this row lies:", lines: marks.map((mark, k) => [names[k], mark.note].filter(Boolean).join(". ")) }}>
      ◆ {dated ? names.join(" · ") : marks.map((mark) => mark.name).join(", ")}
    </Figure>
  );
}
