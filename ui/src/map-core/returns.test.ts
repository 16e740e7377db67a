import { describe, expect, it } from "vitest";
import { overlap } from "./labels.ts";
import { layoutMap } from "./layout.ts";
import type { MapArrow, MapInput } from "./types.ts";

const SIZE = { width: 1348, height: 600 };
const STEPS = [["a", "b"], ["c"], ["d", "e"], ["f", "g"], ["h"]] as const;
const ALL = STEPS.flat();

/** Everyone returns from every later step to every earlier one: as dense as it comes. */
const DENSE: MapInput = {
  columns: STEPS.map((steps, k) => ({ stage: `Stage ${k}`, steps })),
  arrows: ALL.flatMap((to, j) =>
    ALL.slice(j + 1).map((from, k): MapArrow => ({ id: `${from}/${to}`, from, to, kind: "return", people: 10 * (ALL.length - j) + k, label: "34% back" })),
  ),
  exits: [],
};

const layout = layoutMap(DENSE, SIZE);
const columnOf = new Map(layout.cards.map((card) => [card.id, card.column]));
const between = DENSE.arrows.filter(({ from, to }) => (columnOf.get(from) ?? 0) > (columnOf.get(to) ?? 0));

function ends(path: string): { x: number; y: number } {
  const [x = 0, y = 0] = (path.match(/-?[\d.]+/g) ?? []).map(Number).slice(-2);
  return { x, y };
}

function start(path: string): { x: number; y: number } {
  const [x = 0, y = 0] = (path.match(/-?[\d.]+/g) ?? []).map(Number);
  return { x, y };
}

describe("returns", () => {
  it("share one lane for each step that several end in", () => {
    const several = ALL.filter((step) => between.filter(({ to }) => to === step).length > 1);
    expect(layout.trunks.map(({ to }) => to).sort()).toEqual([...several].sort());
    const heights = layout.trunks.map(({ pieces }) => start(pieces[0]?.path ?? "").y);
    expect(new Set(heights).size).toBe(heights.length);
  });

  it("join the trunk one after another, and all reach its head", () => {
    for (const { to, pieces } of layout.trunks) {
      const own = between.filter((arrow) => arrow.to === to).map(({ id }) => id);
      expect([...(pieces[pieces.length - 1]?.arrows ?? [])].sort()).toEqual(own.sort());
      pieces.forEach((piece, k) => {
        const joined = piece.arrows[k] ?? "";
        const stem = layout.routes.find(({ id }) => id === joined)?.stem ?? "";
        expect(ends(stem).y).toBeCloseTo(start(piece.path).y);
        expect(piece.arrows).toHaveLength(k + 1);
      });
    }
  });

  it("make a trunk thicker with everyone who joins", () => {
    for (const { pieces } of layout.trunks) {
      const widths = pieces.map(({ width }) => width);
      expect(widths).toEqual([...widths].sort((a, b) => a - b));
    }
    expect(Math.max(...layout.trunks.map(({ weight }) => weight))).toBe(1);
  });

  it("keep their own way from card to card, and only what is shared has no stem of its own", () => {
    expect(layout.routes).toHaveLength(DENSE.arrows.length);
    const shared = new Set(layout.trunks.flatMap(({ pieces }) => pieces.flatMap(({ arrows }) => arrows)));
    for (const route of layout.routes) {
      expect(route.stem !== null).toBe(shared.has(route.id));
      if (route.stem) expect(start(route.stem)).toEqual(start(route.path));
    }
  });

  it("run above every card that they pass and below the stage names, however little room there is", () => {
    for (const height of [300, 420, 600, 900]) {
      const { trunks, cards } = layoutMap(DENSE, { ...SIZE, height });
      const top = Math.min(...cards.map(({ y }) => y));
      for (const { pieces } of trunks) {
        const { y } = start(pieces[0]?.path ?? "");
        expect(y).toBeLessThan(cards.find(({ id }) => id === "h")?.y ?? 0);
        if (pieces.length > 2) expect(y).toBeLessThan(top);
        expect(y).toBeGreaterThan(30);
      }
    }
  });

  it("put each text on no card, on no other text, and on the lane of their target", () => {
    const labels = layout.routes.flatMap(({ label }) => label ?? []);
    expect(labels.length).toBeGreaterThan(0.8 * between.length);
    for (const label of labels) expect(layout.cards.filter((card) => overlap(card, label))).toEqual([]);
    labels.forEach((label, k) => expect(labels.slice(k + 1).filter((other) => overlap(other, label))).toEqual([]));
    for (const { pieces } of layout.trunks) {
      const { y } = start(pieces[0]?.path ?? "");
      for (const id of pieces[pieces.length - 1]?.arrows ?? []) expect(layout.routes.find((one) => one.id === id)?.anchor.y).toBeCloseTo(y, 0);
    }
  });

  it("draw a lone return as one arrow without a trunk", () => {
    const lone = layoutMap({ ...DENSE, arrows: between.slice(0, 1) }, SIZE);
    expect(lone.trunks).toEqual([]);
    expect(lone.routes.map(({ stem }) => stem)).toEqual([null]);
  });
});
