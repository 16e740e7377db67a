/** The whole picture: cards, arrows, loops, returns, exits and their texts, without any drawing. */

import { pathOf } from "./curves.ts";
import { type Grid, makeGrid, type Margins } from "./grid.ts";
import { placeLabels, target } from "./labels.ts";
import { levels, roomAbove } from "./lanes.ts";
import { routeAll } from "./routes.ts";
import { EXIT_DROP, LEFT_ROOM, TEXT_HEIGHT, textWidth } from "./sizes.ts";
import type { Box, ExitStub, MapInput, MapLayout } from "./types.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Lay the map out in about the given size. */
export function layoutMap(input: MapInput, size: Size): MapLayout {
  const flat = makeGrid(input.columns, size, marginsFor(input, makeGrid(input.columns, size, { top: 0, left: 0 })));
  const ways = routeAll(input.arrows, flat);
  const exits = stubs(input, flat);
  const cards = flat.cards.map((card): Box => ({ x: card.x - 1, y: card.y - 1, width: card.width + 2, height: card.height + 2 }));
  const labels = placeLabels(ways, [...cards, ...exits.map((exit) => target(exit.label))]);
  return {
    width: flat.width,
    height: flat.height,
    cards: flat.cards,
    stages: flat.stages,
    routes: ways.map((way, k) => ({
      id: way.arrow.id,
      kind: way.arrow.kind,
      path: pathOf(way.line),
      head: way.head,
      width: way.width,
      anchor: labels[k]?.anchor ?? way.line.start,
      label: labels[k]?.label ?? null,
    })),
    exits,
  };
}

/** Returns between columns need room above; returns up the first column need room at its left. */
function marginsFor(input: MapInput, grid: Grid): Margins {
  const card = new Map(grid.cards.map((one) => [one.id, one]));
  const trips = input.arrows.flatMap(({ from, to }) => {
    const [a, b] = [card.get(from), card.get(to)];
    return a && b ? [{ a, b }] : [];
  });
  const spans = trips.flatMap(({ a, b }) => (b.column < a.column ? [{ low: b.column, high: a.column }] : []));
  const up = trips.some(({ a, b }) => a.column === 0 && b.column === 0 && b.row < a.row);
  return { top: roomAbove(spans.length === 0 ? 0 : Math.max(...levels(spans)) + 1), left: up ? LEFT_ROOM : 0 };
}

function stubs(input: MapInput, grid: Grid): ExitStub[] {
  const card = new Map(grid.cards.map((one) => [one.id, one]));
  return input.exits.flatMap(({ step, label }) => {
    const from = card.get(step);
    if (!from) return [];
    const x = from.x + 14;
    const y = from.y + from.height;
    return [
      {
        step,
        path: `M${x} ${y}V${y + EXIT_DROP + 8}`,
        label: { x: x + 4, y: y + 7, width: textWidth(label), height: TEXT_HEIGHT },
      },
    ];
  });
}
