/** The laid-out map as one SVG text, to be saved or printed; colours are given, nothing is fetched. */

import type { Card, MapLayout } from "./types.ts";

export interface Ink {
  readonly page: string;
  readonly surface: string;
  readonly line: string;
  readonly ink: string;
  readonly soft: string;
  readonly arrow: string;
  readonly accent: string;
}

export interface CardText {
  readonly name: string;
  readonly lines: readonly string[];
  readonly dashed: boolean;
  readonly strong: boolean;
}

export interface Words {
  readonly headline: string;
  readonly foot: string;
  readonly card: (id: string) => CardText | undefined;
  readonly arrow: (id: string) => { readonly text: string; readonly strong: boolean };
  readonly exit: (step: string) => string;
}

const HEAD = 44;
const FOOT = 26;
const FONT = "Inter, system-ui, sans-serif";

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function text(x: number, y: number, words: string, style: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${style}>${escape(words)}</text>`;
}

/** Break a name into at most two lines of so many letters. */
export function wrap(name: string, letters: number): string[] {
  if (name.length <= letters) return [name];
  const words = name.split(" ");
  let first = words.shift() ?? "";
  while (words[0] && `${first} ${words[0]}`.length <= letters) first = `${first} ${words.shift()}`;
  const rest = words.join(" ");
  if (rest === "") return [first.slice(0, letters)];
  return [first.slice(0, letters), rest.length > letters ? `${rest.slice(0, letters - 1)}…` : rest];
}

function card(box: Card, words: CardText, ink: Ink): string {
  const frame = `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" rx="9" fill="${ink.surface}" stroke="${words.strong ? ink.accent : ink.line}" stroke-width="${words.strong ? 2 : 1}"${words.dashed ? ' stroke-dasharray="4 3"' : ""}/>`;
  const name = wrap(words.name, Math.floor(box.width / 7.4));
  const lines = [
    ...name.map((line, k) => text(box.x + 11, box.y + 20 + k * 16, line, `font-size="13" font-weight="600" fill="${ink.ink}"`)),
    ...words.lines.map((line, k) => text(box.x + 11, box.y + 20 + (name.length + k) * 16, line, `font-size="12" fill="${ink.soft}"`)),
  ];
  return frame + lines.join("");
}

/** The whole picture with its headline and its denominator. */
export function drawMap(layout: MapLayout, words: Words, ink: Ink): { svg: string; width: number; height: number } {
  const height = layout.height + HEAD + FOOT;
  const stages = layout.stages.map((stage) => text(stage.x, 20, stage.label.toUpperCase(), `font-size="11" font-weight="600" letter-spacing=".6" fill="${ink.soft}"`));
  const line = (path: string, width: number, colour: string, back: boolean) =>
    `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${width.toFixed(2)}"${back ? ' stroke-dasharray="5 4"' : ""}/>`;
  const head = (path: string, colour: string) => `<path d="${path}" fill="${colour}"/>`;
  const trunks = layout.trunks.map((trunk) => trunk.pieces.map(({ path, width }) => line(path, width, ink.arrow, false)).join("") + head(trunk.head, ink.arrow));
  const routes = layout.routes.map((route) => {
    const colour = words.arrow(route.id).strong ? ink.accent : ink.arrow;
    return line(route.stem ?? route.path, route.width, colour, route.kind === "return") + (route.stem ? "" : head(route.head, colour));
  });
  const labels = layout.routes.flatMap((route) => {
    const box = route.label;
    if (!box) return [];
    const back = `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" rx="4" fill="${ink.page}"/>`;
    return [back + text(route.anchor.x, route.anchor.y + 4, words.arrow(route.id).text, `text-anchor="middle" font-size="11.5" fill="${ink.ink}"`)];
  });
  const exits = layout.exits.map(
    (exit) => `<path d="${exit.path}" stroke="${ink.arrow}" stroke-dasharray="3 3" fill="none"/>` + text(exit.label.x + 3, exit.label.y + 13, words.exit(exit.step), `font-size="11.5" fill="${ink.soft}"`),
  );
  const cards = layout.cards.flatMap((box) => {
    const own = words.card(box.id);
    return own ? [card(box, own, ink)] : [];
  });
  const body = [...stages, ...trunks, ...routes, ...exits, ...cards, ...labels].join("");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${layout.width}" height="${height}" viewBox="0 0 ${layout.width} ${height}" font-family="${FONT}"><rect width="100%" height="100%" fill="${ink.page}"/>${text(20, 28, words.headline, `font-size="17" font-weight="600" fill="${ink.ink}"`)}<g transform="translate(0 ${HEAD})">${body}</g>${text(20, height - 9, words.foot, `font-size="11.5" fill="${ink.soft}"`)}</svg>`;
  return { svg, width: layout.width, height };
}
