/** A value and its interval as a small mark on a common scale. */

const WIDTH = 96;
const HEIGHT = 14;

interface RangeMarkProps {
  readonly value: number;
  readonly interval: readonly [number, number] | null;
  readonly most: number;
}

export function RangeMark({ value, interval, most }: RangeMarkProps) {
  const x = (at: number) => 3 + (WIDTH - 6) * Math.min(1, Math.max(0, most > 0 ? at / most : 0));
  return (
    <svg width={WIDTH} height={HEIGHT} aria-hidden="true">
      <line x1={x(0)} x2={x(0)} y1={1} y2={HEIGHT - 1} stroke="var(--line)" />
      {interval && (
        <line x1={x(interval[0])} x2={x(interval[1])} y1={HEIGHT / 2} y2={HEIGHT / 2} stroke="var(--accent-line)" strokeWidth={5} strokeLinecap="round" />
      )}
      <circle cx={x(value)} cy={HEIGHT / 2} r={3} fill="var(--accent)" />
    </svg>
  );
}
