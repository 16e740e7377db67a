/** The whole picture: cards, arrows, loops, returns, exits and their texts, without any drawing. */

import { pathOf } from "./curves.ts";
import { type Grid, makeGrid, type Margins } from "./grid.ts";
import { placeLabels, target } from "./labels.ts";
import { bundlesOf, missingRoom } from "./returns.ts";
import { routeAll } from "./routes.ts";
import { EXIT_DROP, LANES_APART, LEFT_ROOM, TEXT_HEIGHT, textWidth } from "./sizes.ts";
import { tripsOf } from "./trips.ts";
import type { Box, ExitStub, MapInput, MapLayout } from "./types.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Lay the map out in about the given size. */
export function layoutMap(input: MapInput, size: Size): MapLayout {
  const flat = makeGrid(input.columns, size, marginsFor(input, makeGrid(input.columns, size, { top: 0, least: 0, left: 0 })));
  const { ways, trunks } = routeAll(input.arrows, flat);
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
      stem: way.stem ? pathOf(way.stem.line) : null,
      head: way.head,
      width: way.width,
      anchor: labels[k]?.anchor ?? way.line.start,
      label: labels[k]?.label ?? null,
    })),
    trunks,
    exits,
  };
}

/** Lanes of returns need room above, half of what is given goes between the rows; returns up the first column need it at their left. */
function marginsFor(input: MapInput, grid: Grid): Margins {
  const trips = tripsOf(input.arrows, grid);
  const up = trips.some(({ from, to }) => from.column === 0 && to.column === 0 && to.row < from.row);
  const bundles = bundlesOf(trips, grid);
  const [good, , , least] = LANES_APART;
  return { top: 2 * missingRoom(bundles, grid, good), least: missingRoom(bundles, grid, least), left: up ? LEFT_ROOM : 0 };
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
