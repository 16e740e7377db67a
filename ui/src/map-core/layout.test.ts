import { describe, expect, it } from "vitest";
import { overlap } from "./labels.ts";
import { layoutMap } from "./layout.ts";
import type { Box, MapArrow, MapInput, MapLayout, MoveKind } from "./types.ts";

const SIZE = { width: 1348, height: 500 };

function arrow(from: string, to: string, kind: MoveKind, people = 100): MapArrow {
  return { id: `${from}/${to}`, from, to, kind, people, label: "€5,300" };
}

const COMPANY: MapInput = {
  columns: [
    { stage: "Discover", steps: ["reads"] },
    { stage: "Compare", steps: ["compares"] },
    { stage: "Try", steps: ["trial", "connects", "first", "team", "risk"] },
    { stage: "Buy", steps: ["buys"] },
    { stage: "Use", steps: ["closes", "seats", "renews", "recommends"] },
  ],
  arrows: [
    arrow("reads", "compares", "forward", 294),
    arrow("reads", "trial", "forward", 87),
    arrow("compares", "trial", "forward", 303),
    arrow("trial", "connects", "forward", 318),
    arrow("connects", "first", "forward", 191),
    arrow("first", "team", "forward", 94),
    arrow("first", "buys", "forward", 35),
    arrow("team", "risk", "forward", 47),
    arrow("team", "buys", "forward", 35),
    arrow("risk", "buys", "forward", 14),
    arrow("buys", "closes", "forward", 80),
    arrow("reads", "reads", "loop", 150),
    arrow("connects", "connects", "loop", 60),
    arrow("compares", "reads", "return", 60),
    arrow("risk", "team", "return", 6),
    arrow("trial", "compares", "return", 40),
  ],
  exits: [
    { step: "reads", label: "393 leave" },
    { step: "compares", label: "316 leave" },
  ],
};

/** Points of a path, curves sampled. */
function trace(path: string): { x: number; y: number }[] {
  const points: { x: number; y: number }[] = [];
  let at = { x: 0, y: 0 };
  for (const [, verb, rest] of path.matchAll(/([MLC])([^MLC]+)/g)) {
    const k = (rest ?? "").trim().split(/\s+/).map(Number);
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = k;
    if (verb === "C") {
      for (let s = 1; s <= 24; s += 1) {
        const t = s / 24;
        const u = 1 - t;
        points.push({
          x: u ** 3 * at.x + 3 * u * u * t * a + 3 * u * t * t * c + t ** 3 * e,
          y: u ** 3 * at.y + 3 * u * u * t * b + 3 * u * t * t * d + t ** 3 * f,
        });
      }
      at = { x: e, y: f };
      continue;
    }
    for (let s = 1; verb === "L" && s <= 24; s += 1)
      points.push({ x: at.x + ((a - at.x) * s) / 24, y: at.y + ((b - at.y) * s) / 24 });
    at = { x: a, y: b };
  }
  return points;
}

function shrink(box: Box): Box {
  return { x: box.x + 2, y: box.y + 2, width: box.width - 4, height: box.height - 4 };
}

function crossings(layout: MapLayout): string[] {
  return layout.routes.flatMap((route) =>
    layout.cards
      .filter((card) => trace(route.path).some((point) => overlap(shrink(card), { ...point, width: 0.01, height: 0.01 })))
      .map((card) => `${route.id} crosses ${card.id}`),
  );
}

/** Maps of every shape that can come: so many stages with so many steps, all near pairs joined. */
function shapes(): MapInput[] {
  const sizes = [[1], [3], [1, 1, 1], [5], [2, 2, 2, 2], [1, 5, 1], [3, 3, 3, 3], [12], [4, 1, 4, 3], [1, 1, 1, 1, 1, 1, 1]];
  return sizes.map((counts, shape) => {
    const columns = counts.map((count, stage) => ({
      stage: `Stage ${stage}`,
      steps: Array.from({ length: count }, (_, k) => `s${shape}-${stage}-${k}`),
    }));
    const steps = columns.flatMap((column) => column.steps);
    const arrows = steps.flatMap((from, k) =>
      steps.flatMap((to, j) => {
        if (j === k) return k % 2 ? [arrow(from, to, "loop", 10)] : [];
        if (j > k && j - k <= 3) return [arrow(from, to, "forward", 100 / (j - k))];
        return k - j === 2 ? [arrow(from, to, "return", 12)] : [];
      }),
    );
    return { columns, arrows, exits: steps.map((step) => ({ step, label: "12 leave" })) };
  });
}

describe("the map's layout", () => {
  it("keeps every card and every text of the company inside the canvas at zoom 1", () => {
    const layout = layoutMap(COMPANY, SIZE);
    expect(layout.width).toBe(SIZE.width);
    expect(layout.height).toBe(SIZE.height);
    for (const box of [...layout.cards, ...layout.routes.flatMap((route) => route.label ?? [])]) {
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(SIZE.width);
      expect(box.y).toBeGreaterThanOrEqual(0);
      expect(box.y + box.height).toBeLessThanOrEqual(SIZE.height);
    }
  });

  it("lets people flow from left to right through the stages", () => {
    const { cards } = layoutMap(COMPANY, SIZE);
    const x = (id: string) => cards.find((card) => card.id === id)?.x ?? Number.NaN;
    expect(x("reads")).toBeLessThan(x("compares"));
    expect(x("compares")).toBeLessThan(x("trial"));
    expect(x("risk")).toBeLessThan(x("buys"));
    expect(x("buys")).toBeLessThan(x("closes"));
  });

  it("draws no arrow across a card, whatever the shape", () => {
    for (const input of [COMPANY, ...shapes()]) expect(crossings(layoutMap(input, SIZE))).toEqual([]);
  });

  it("lets no two cards and no two texts share room, whatever the shape", () => {
    for (const input of [COMPANY, ...shapes()]) {
      const layout = layoutMap(input, SIZE);
      const texts = [...layout.routes.flatMap((route) => route.label ?? []), ...layout.exits.map((exit) => exit.label)];
      const boxes = [...layout.cards, ...texts];
      const clashes = boxes.flatMap((a, k) => boxes.slice(k + 1).filter((b) => overlap(a, b)));
      expect(clashes).toEqual([]);
    }
  });

  it("draws returns above the cards that they pass, and loops just above their card", () => {
    const layout = layoutMap(COMPANY, SIZE);
    const byId = new Map(layout.routes.map((route) => [route.id, route]));
    const y = (id: string) => layout.cards.find((card) => card.id === id)?.y ?? Number.NaN;
    for (const [from, to] of [["compares", "reads"], ["risk", "team"], ["trial", "compares"]] as const) {
      const arc = byId.get(`${from}/${to}`);
      expect(Math.min(...trace(arc?.path ?? "").map((point) => point.y))).toBeLessThan(Math.min(y(from), y(to)) - 24);
    }
    const card = layout.cards.find((one) => one.id === "reads");
    const loop = byId.get("reads/reads");
    expect(loop?.label?.y).toBeLessThan(card?.y ?? 0);
    expect((card?.y ?? 0) - (loop?.label?.y ?? 0)).toBeLessThan(40);
  });

  it("makes an arrow that more people take thicker", () => {
    const { routes } = layoutMap(COMPANY, SIZE);
    const width = (id: string) => routes.find((route) => route.id === id)?.width ?? 0;
    expect(width("trial/connects")).toBeGreaterThan(width("connects/first"));
    expect(width("connects/first")).toBeGreaterThan(width("risk/buys"));
  });

  it("labels at least nine arrows in ten of the company", () => {
    const { routes } = layoutMap(COMPANY, SIZE);
    expect(routes.filter((route) => route.label).length).toBeGreaterThanOrEqual(0.9 * routes.length);
  });

  it("is the same picture every time", () => {
    expect(layoutMap(COMPANY, SIZE)).toEqual(layoutMap(COMPANY, SIZE));
  });

  it("leaves out an arrow whose step is not on the map", () => {
    const layout = layoutMap({ ...COMPANY, arrows: [arrow("reads", "nowhere", "forward")] }, SIZE);
    expect(layout.routes).toEqual([]);
  });

  it("holds an empty map and a map of one step", () => {
    expect(layoutMap({ columns: [], arrows: [], exits: [] }, SIZE).cards).toEqual([]);
    const one = layoutMap({ columns: [{ stage: "", steps: ["a"] }], arrows: [arrow("a", "a", "loop")], exits: [] }, SIZE);
    expect(one.cards).toHaveLength(1);
    expect(one.routes).toHaveLength(1);
  });
});
