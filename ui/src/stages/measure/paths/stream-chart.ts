/** A stream as bands between columns of boxes: the commonest above, those who stop below. */

import { FONT, plain } from "@/charts/option.ts";
import type { Palette } from "@/charts/palette.ts";
import { count } from "@/lib/format.ts";
import type { Box, Stream } from "@/stages/measure/paths/stream.ts";

const GAP = 14;
const NARROWEST = 128;
const LONGEST = 20;

/** How tall the picture is. */
export function streamHeight({ boxes, columns }: Stream): number {
  const most = Math.max(...Array.from({ length: columns }, (_, c) => boxes.filter((box) => box.column === c).length), 1);
  return Math.min(Math.max(360, most * 46 + 40), 1400);
}

/** How wide it must be to be read. */
export function streamWidth({ columns }: Stream): number {
  return columns * NARROWEST;
}

/** The boxes as they are drawn: by column, states first, the larger first. */
export function ordered(boxes: readonly Box[]): readonly Box[] {
  return [...boxes].sort((a, b) => a.column - b.column || Number(a.quiet) - Number(b.quiet) || b.size - a.size || a.name.localeCompare(b.name));
}

export function streamOption(stream: Stream, ink: Palette) {
  const boxes = ordered(stream.boxes);
  const known = new Set(boxes.map((box) => box.id));
  const bands = stream.bands.filter((band) => known.has(band.from) && known.has(band.to));
  return {
    ...plain(ink),
    tooltip: {
      trigger: "item" as const,
      renderMode: "richText" as const,
      formatter: ({ dataType, dataIndex }: { dataType: string; dataIndex: number }) => (dataType === "edge" ? bands[dataIndex] : boxes[dataIndex])?.tip ?? "",
    },
    series: [
      {
        type: "sankey" as const,
        left: 6,
        right: NARROWEST - 14,
        top: 8,
        bottom: 8,
        nodeWidth: 10,
        nodeGap: GAP,
        draggable: false,
        layoutIterations: 0,
        emphasis: { disabled: true },
        data: boxes.map((box) => ({
          name: box.id,
          value: box.size,
          depth: box.column,
          itemStyle: { color: box.quiet ? ink.line : ink.accent, borderColor: box.quiet ? ink.soft : ink.accent, borderWidth: box.quiet ? 0.5 : 0 },
          label: {
            fontFamily: FONT,
            fontSize: 12,
            color: box.quiet ? ink.soft : ink.ink,
            textBorderColor: ink.surface,
            textBorderWidth: 3,
            position: "right" as const,
            formatter: () => `${short(box.name)} ${count(box.size)}`,
          },
        })),
        links: bands.map((band) => ({ source: band.from, target: band.to, value: band.size, lineStyle: { color: band.quiet ? ink.line : ink.accentLine, opacity: band.quiet ? 0.45 : 0.55, curveness: 0.5 } })),
      },
    ],
  };
}

function short(name: string): string {
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
}
