/** Moves as bands from where people were to where they went: the largest of them, or how B differs from A. */

import { FONT, plain } from "@/charts/option.ts";
import type { Palette } from "@/charts/palette.ts";

export const DRAWN = 24;

/** One move as it is drawn; `tone` says where B is: more, less, or not to be told apart (plain). */
export interface Band {
  readonly from: string;
  readonly to: string;
  readonly value: number;
  readonly tone: "plain" | "more" | "less";
  /** What stands on the band, where it says something. */
  readonly label: string;
  readonly tip: string;
}

/** How tall the picture is for so many moves. */
export function flowHeight(bands: readonly Band[]): number {
  const sides = [new Set(bands.map((one) => one.from)), new Set(bands.map((one) => one.to))];
  return Math.max(380, ...sides.map((side) => side.size * 34 + 30));
}

/** Room for names at either side, on a page and on a phone. */
export const MARGIN = { wide: 150, narrow: 88 };

export interface Look {
  readonly differ: boolean;
  readonly margin: number;
}

export function flowOption(bands: readonly Band[], { differ, margin }: Look, ink: Palette) {
  const label = { fontFamily: FONT, fontSize: 12, color: ink.ink, width: margin - 10, overflow: "truncate" as const };
  const node = (side: "from" | "to", name: string) => ({ name: `${side} ${name}`, depth: side === "from" ? 0 : 1, itemStyle: { color: differ ? ink.soft : ink.accent }, label: { ...label, position: side === "from" ? ("left" as const) : ("right" as const), formatter: () => name } });
  const unique = (names: readonly string[]) => [...new Set(names)];
  const colour = { plain: differ ? ink.line : ink.accentLine, more: ink.accentLine, less: ink.lessLine };
  return {
    ...plain(ink),
    tooltip: {
      trigger: "item" as const,
      renderMode: "richText" as const,
      formatter: ({ dataType, dataIndex, name }: { dataType: string; dataIndex: number; name: string }) => (dataType === "edge" ? (bands[dataIndex]?.tip ?? "") : name.replace(/^(from|to) /, "")),
    },
    series: [
      {
        type: "sankey" as const,
        left: margin,
        right: margin,
        top: 10,
        bottom: 10,
        nodeWidth: 8,
        nodeGap: 12,
        draggable: false,
        layoutIterations: 24,
        emphasis: { disabled: true },
        lineStyle: { opacity: differ ? 0.85 : 0.55, curveness: 0.5 },
        edgeLabel: { show: differ, ...label, fontSize: 11, formatter: ({ dataIndex }: { dataIndex: number }) => bands[dataIndex]?.label ?? "" },
        data: [...unique(bands.map((one) => one.from)).map((name) => node("from", name)), ...unique(bands.map((one) => one.to)).map((name) => node("to", name))],
        links: bands.map((one) => ({ source: `from ${one.from}`, target: `to ${one.to}`, value: one.value, lineStyle: { color: colour[one.tone] } })),
      },
    ],
  };
}
