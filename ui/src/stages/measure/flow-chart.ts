/** The largest moves as bands from where people were to where they went; the rest is counted beside. */

import { FONT, plain } from "@/charts/option.ts";
import type { Palette } from "@/charts/palette.ts";
import type { Edge } from "@/api/types.ts";
import { count } from "@/lib/format.ts";

export const DRAWN = 24;

/** How tall the picture is for so many moves. */
export function flowHeight(edges: readonly Edge[]): number {
  const sides = [new Set(edges.map((edge) => edge.from)), new Set(edges.map((edge) => edge.to))];
  return Math.max(380, ...sides.map((side) => side.size * 34 + 30));
}

export function flowOption(edges: readonly Edge[], ink: Palette) {
  const label = { fontFamily: FONT, fontSize: 12, color: ink.ink };
  const node = (side: "from" | "to", name: string) => ({ name: `${side} ${name}`, depth: side === "from" ? 0 : 1, itemStyle: { color: ink.accent }, label: { ...label, position: side === "from" ? ("left" as const) : ("right" as const), formatter: () => name } });
  const unique = (names: readonly string[]) => [...new Set(names)];
  return {
    ...plain(ink),
    tooltip: {
      trigger: "item" as const,
      renderMode: "richText" as const,
      formatter: ({ dataType, dataIndex, name, value }: { dataType: string; dataIndex: number; name: string; value: number }) => {
        const edge = edges[dataIndex];
        if (dataType === "edge" && edge) return `${edge.from} ${edge.from === edge.to ? "again" : `→ ${edge.to}`}\n${count(edge.count)} times, ${count(edge.entities ?? 0)} people`;
        return `${name.replace(/^(from|to) /, "")}: ${count(value)}`;
      },
    },
    series: [
      {
        type: "sankey" as const,
        left: 150,
        right: 150,
        top: 10,
        bottom: 10,
        nodeWidth: 8,
        nodeGap: 12,
        draggable: false,
        layoutIterations: 24,
        emphasis: { disabled: true },
        lineStyle: { color: ink.accentLine, opacity: 0.55, curveness: 0.5 },
        data: [...unique(edges.map((edge) => edge.from)).map((name) => node("from", name)), ...unique(edges.map((edge) => edge.to)).map((name) => node("to", name))],
        links: edges.map((edge) => ({ source: `from ${edge.from}`, target: `to ${edge.to}`, value: edge.count })),
      },
    ],
  };
}
