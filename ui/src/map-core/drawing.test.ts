import { expect, it } from "vitest";
import { drawMap, wrap } from "./drawing.ts";
import { layoutMap } from "./layout.ts";

const INK = { page: "#fff", surface: "#fff", line: "#ddd", ink: "#111", soft: "#555", arrow: "#999", accent: "#33c" };

it("draws every card, arrow and exit, and escapes what a name may hold", () => {
  const layout = layoutMap(
    {
      columns: [{ stage: "Try", steps: ["a"] }, { stage: "Buy", steps: ["b"] }],
      arrows: [{ id: "a/b", from: "a", to: "b", kind: "forward", people: 9, label: "9" }],
      exits: [{ step: "a", label: "3 leave" }],
    },
    { width: 800, height: 300 },
  );
  const { svg } = drawMap(
    layout,
    {
      headline: "Of 9 people, <b>3</b> buy.",
      foot: "Shares are of 9",
      card: (id) => ({ name: `Step & ${id}`, lines: ["9 · 100%"], dashed: false, strong: false }),
      arrow: () => ({ text: "9", strong: true }),
      exit: () => "3 leave",
    },
    INK,
  );
  expect(svg).toContain("Of 9 people, &lt;b&gt;3&lt;/b&gt; buy.");
  expect(svg.match(/Step &amp; [ab]/g)).toHaveLength(2);
  expect(svg).toContain("3 leave");
  expect(svg.match(/<path /g)).toHaveLength(3);
});

it("draws a shared lane once and solid, and dashed what leads into it", () => {
  const back = (from: string) => ({ id: `${from}/a`, from, to: "a", kind: "return", people: 5, label: "" }) as const;
  const layout = layoutMap(
    { columns: ["a", "b", "c"].map((step) => ({ stage: step, steps: [step] })), arrows: [back("b"), back("c")], exits: [] },
    { width: 800, height: 300 },
  );
  const words = { headline: "", foot: "", card: () => undefined, arrow: () => ({ text: "", strong: false }), exit: () => "" };
  const { svg } = drawMap(layout, words, INK);
  expect(svg.match(/<path [^>]*stroke-dasharray/g)).toHaveLength(2);
  expect(svg.match(/<path [^>]*stroke="#999" stroke-width="[\d.]+"\/>/g)).toHaveLength(2);
  expect(svg.match(/<path d="[^"]*Z" fill="#999"\/>/g)).toHaveLength(1);
});

it("breaks a long name into two lines", () => {
  expect(wrap("First reconciliation", 12)).toEqual(["First", "reconciliat…"]);
  expect(wrap("Buys", 12)).toEqual(["Buys"]);
});
