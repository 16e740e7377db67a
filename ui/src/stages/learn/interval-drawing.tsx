/** The difference of both arms with its interval, nothing in the middle, and the smallest effect worth having. */

import type { ExperimentView, ReadOut } from "@/api/types.ts";
import { points } from "@/stages/learn/words.ts";
import classes from "./reading.module.css";

const WIDTH = 560;
const HEIGHT = 90;
const PAD = 26;

interface IntervalProps {
  readonly reading: ReadOut;
  readonly experiment: ExperimentView["experiment"];
}

export function IntervalDrawing({ reading, experiment }: IntervalProps) {
  const { interval, metric } = reading;
  if (!interval) return null;
  const smallest = experiment.smallest;
  const reach = Math.max(...interval.map(Math.abs), 2 * smallest) * 1.1;
  const x = (share: number) => PAD + ((share + reach) / (2 * reach)) * (WIDTH - 2 * PAD);
  const said = `The difference is ${points(metric.difference)} points, likely ${points(interval[0])} to ${points(interval[1])}. The smallest effect worth having is ${points(smallest)}.`;
  return (
    <svg className={classes.interval} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={said}>
      <rect x={x(-smallest)} y={22} width={x(smallest) - x(-smallest)} height={40} fill="var(--accent-soft)" rx={4} />
      <line x1={x(0)} x2={x(0)} y1={16} y2={68} stroke="var(--line-strong)" />
      <line x1={x(interval[0])} x2={x(interval[1])} y1={42} y2={42} stroke="var(--accent-line)" strokeWidth={10} strokeLinecap="round" />
      <circle cx={x(metric.difference)} cy={42} r={6} fill="var(--accent)" />
      <Words at={x(interval[0])} y={84} text={points(interval[0])} />
      <Words at={x(interval[1])} y={84} text={points(interval[1])} />
      <Words at={x(0)} y={12} text="no difference" />
      {x(metric.difference) - x(interval[0]) > 26 && x(interval[1]) - x(metric.difference) > 26 && <Words at={x(metric.difference)} y={84} text={points(metric.difference)} strong />}
    </svg>
  );
}

function Words({ at, y, text, strong }: { readonly at: number; readonly y: number; readonly text: string; readonly strong?: boolean }) {
  return (
    <text x={at} y={y} textAnchor="middle" fontSize={12.5} fontWeight={strong ? 620 : 450} fill={strong ? "var(--ink)" : "var(--ink-soft)"}>
      {text}
    </text>
  );
}
