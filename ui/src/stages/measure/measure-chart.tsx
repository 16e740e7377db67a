/** Draws an option of Explore on the page, and as a file. */

import { useComputedColorScheme } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useMemo } from "react";
import { Chart, chartSvg, type Picked } from "@/charts/echart.tsx";
import { type Palette, palette } from "@/charts/palette.ts";

type Option = Record<string, unknown>;

interface MeasureChartProps {
  readonly make: (ink: Palette) => Option;
  readonly height: number;
  readonly label: string;
  readonly onPick?: ((picked: Picked) => void) | undefined;
}

export function MeasureChart({ make, height, label, onPick }: MeasureChartProps) {
  const scheme = useComputedColorScheme("light");
  const option = useMemo(() => ({ scheme, made: make(palette()) }).made, [make, scheme]);
  return <Chart option={option} height={height} label={`${label} The same as a table: key T.`} onPick={onPick} />;
}

/** Whether a drawing has little room, as on a phone. */
export function useNarrow(): boolean {
  return useMediaQuery("(max-width: 700px)", false, { getInitialValueInEffect: false });
}

const FILE_WIDTH = 960;

interface Drawn {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** Drawings under each other, as one. */
export function stacked(drawings: readonly Drawn[]): Drawn {
  const height = drawings.reduce((sum, one) => sum + one.height, 0);
  const tops = drawings.map((_, k) => drawings.slice(0, k).reduce((sum, one) => sum + one.height, 0));
  const parts = drawings.map((one, k) => one.svg.replace("<svg", `<svg y="${tops[k]}"`));
  return { svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${FILE_WIDTH}" height="${height}">${parts.join("")}</svg>`, width: FILE_WIDTH, height };
}

/** The chart as SVG text, to be saved. */
export function drawingOf(make: (ink: Palette) => Option, height: number): Drawn {
  const size = { width: FILE_WIDTH, height };
  const ink = palette();
  return { svg: chartSvg({ ...make(ink), backgroundColor: ink.surface }, size), ...size };
}
