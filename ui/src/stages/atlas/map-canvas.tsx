/** The picture: cards that people flow through, loops as loops, returns as arcs, exits as fading stubs. */

import { type Edge, type Node, Panel, ReactFlow, useReactFlow, type Viewport } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useElementSize } from "@mantine/hooks";
import { useMemo, useState } from "react";
import type { Picture } from "@/api/types.ts";
import { layoutMap } from "@/map-core/layout.ts";
import type { MapLayout, Trunk } from "@/map-core/types.ts";
import { type Atlas, useAtlas } from "@/stages/atlas/atlas-context.ts";
import { type ArrowData, ArrowEdge, ArrowLabel } from "@/stages/atlas/arrow-edge.tsx";
import { LitProvider, NONE } from "@/stages/atlas/lit.ts";
import { ExitNode, StageNode, StepNode } from "@/stages/atlas/map-nodes.tsx";
import { arrowId, arrowSentence, arrowStrengths, arrowText, mapInput, quietReturns, strengths, visibleMoves } from "@/stages/atlas/map-input.ts";
import { type TrunkData, TrunkEdge } from "@/stages/atlas/trunk-edge.tsx";
import { visibleLoss } from "@/stages/atlas/marks.ts";
import { namesOf } from "@/charts/download.ts";
import { FitIcon, MinusIcon, PlusIcon } from "@/ui/icons.tsx";
import classes from "./map-canvas.module.css";

const nodeTypes = { step: StepNode, exit: ExitNode, stage: StageNode, label: ArrowLabel };
const edgeTypes = { arrow: ArrowEdge, trunk: TrunkEdge };

export function MapCanvas() {
  const { picture, lens, smaller } = useAtlas();
  const { ref, width, height } = useElementSize();
  const input = useMemo(() => mapInput(picture, lens, smaller), [picture, lens, smaller]);
  const layout = useMemo(
    () => (width > 0 && height > 0 ? layoutMap(input, { width, height }) : null),
    [input, width, height],
  );
  return (
    <div ref={ref} className={classes.canvas} data-testid="map-canvas">
      {layout && <Drawn key={`${layout.width}x${layout.height}x${width}x${height}`} layout={layout} room={{ width, height }} />}
    </div>
  );
}

interface DrawnProps {
  readonly layout: MapLayout;
  readonly room: { readonly width: number; readonly height: number };
}

const READABLE = 0.7;

/** The view that shows the whole layout, never larger than life; a map too large to read begins at its left. */
function wholeView(layout: MapLayout, room: DrawnProps["room"], least: number): Viewport {
  const zoom = Math.max(least, Math.min(1, room.width / layout.width, room.height / layout.height));
  return { x: Math.max(0, (room.width - layout.width * zoom) / 2), y: (room.height - layout.height * zoom) / 2, zoom };
}

function Drawn({ layout, room }: DrawnProps) {
  const atlas = useAtlas();
  const [view, setView] = useState<Viewport>(() => wholeView(layout, room, READABLE));
  const arrows = useMemo(() => arrowsOf(layout, atlas), [layout, atlas]);
  const shift = hiddenBehindPanel(layout, atlas.step, view, room.width);
  const nodes = useMemo(() => nodesOf(layout, atlas.picture, arrows), [layout, atlas.picture, arrows]);
  const edges = useMemo(() => [...layout.trunks.map(trunkOf), ...arrows.map(edgeOf)], [layout, arrows]);
  const [ids, light] = useState(NONE);
  const lit = useMemo(() => ({ ids, light }), [ids]);
  return (
    <LitProvider value={lit}>
      <ReactFlow
        onFocus={(event) => setView((now) => reveal(layout, room, now, event.target))}
        style={{ transform: shift > 0 ? `translateX(${-shift}px)` : undefined }}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        viewport={view}
        onViewportChange={setView}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        zoomOnScroll={false}
        zoomOnDoubleClick={false}
        preventScrolling={false}
        minZoom={0.1}
        maxZoom={2}
        disableKeyboardA11y
        attributionPosition="bottom-left"
        aria-label="The map: steps as cards from left to right. The same as a table: key T."
      >
        <ViewControls onFit={() => setView(wholeView(layout, room, 0))} />
      </ReactFlow>
    </LitProvider>
  );
}

/** Bring the step that the keyboard reached into view; the browser itself must not scroll the canvas. */
function reveal(layout: MapLayout, room: DrawnProps["room"], now: Viewport, target: EventTarget): Viewport {
  if (!(target instanceof HTMLElement)) return now;
  target.closest(".react-flow")?.scrollTo(0, 0);
  const id = target.closest("[data-step]")?.getAttribute("data-step");
  const card = layout.cards.find((one) => one.id === id);
  if (!card) return now;
  const [x, y] = [card.x * now.zoom + now.x, card.y * now.zoom + now.y];
  const inside = x >= 0 && y >= 0 && x + card.width * now.zoom <= room.width && y + card.height * now.zoom <= room.height;
  if (inside) return now;
  return { zoom: now.zoom, x: room.width / 2 - card.x * now.zoom, y: room.height / 2 - card.y * now.zoom };
}

const PANEL = 440;

/** How far the picture must move so that the inspector beside it does not cover the step it speaks of. */
function hiddenBehindPanel(layout: MapLayout, step: string | null, view: Viewport, width: number): number {
  const card = layout.cards.find((one) => one.id === step);
  if (!card) return 0;
  return Math.max(0, view.x + (card.x + card.width) * view.zoom - (width - PANEL - 24));
}

function ViewControls({ onFit }: { readonly onFit: () => void }) {
  const flow = useReactFlow();
  return (
    <Panel position="bottom-right" className={classes.controls ?? ""}>
      <button type="button" aria-label="Zoom in" onClick={() => void flow.zoomIn()}>
        <PlusIcon size={14} />
      </button>
      <button type="button" aria-label="Zoom out" onClick={() => void flow.zoomOut()}>
        <MinusIcon size={14} />
      </button>
      <button type="button" aria-label="Whole map" onClick={onFit}>
        <FitIcon size={14} />
      </button>
    </Panel>
  );
}

const STILL = { draggable: false, selectable: false };

function edgeOf(data: ArrowData): Edge<ArrowData> {
  const { arrow } = data.move;
  return { id: data.route.id, type: "arrow", source: arrow.from, target: arrow.to, data, selectable: false };
}

function trunkOf(trunk: Trunk): Edge<TrunkData> {
  return { id: `trunk/${trunk.to}`, type: "trunk", source: trunk.to, target: trunk.to, data: { trunk }, selectable: false };
}

/** Cards in the order of the flow, each followed by its exit and its arrows. */
function nodesOf(layout: MapLayout, picture: Picture, arrows: readonly ArrowData[]): Node[] {
  const losses = strengths(new Map(picture.price.steps.map((step) => [step.id, visibleLoss(step, picture.price)])));
  const exits = new Map(layout.exits.map((exit) => [exit.step, exit]));
  const stages = layout.stages.map(
    (stage, k): Node => ({
      ...STILL,
      id: `stage-${k}`,
      type: "stage",
      position: { x: stage.x, y: 6 },
      data: { label: stage.label, width: stage.width },
    }),
  );
  const cards = layout.cards.flatMap((card): Node[] => {
    const exit = exits.get(card.id);
    const box = { position: { x: card.x, y: card.y }, width: card.width, height: card.height };
    const own = arrows.filter(({ move }) => move.arrow.from === card.id);
    return [
      { ...STILL, ...box, id: card.id, type: "step", data: { id: card.id, strength: losses.get(card.id) ?? 0 } },
      ...(exit ? [{ ...STILL, id: `exit-${card.id}`, type: "exit", position: { x: exit.label.x - 4, y: card.y + card.height }, data: { step: card.id } }] : []),
      ...own.map((data): Node => ({ ...STILL, id: `label-${data.route.id}`, type: "label", position: data.route.anchor, data })),
    ];
  });
  return [...stages, ...cards];
}

function arrowsOf(layout: MapLayout, { picture, lens, smaller }: Atlas): ArrowData[] {
  const name = namesOf(picture.document);
  const strength = arrowStrengths(picture, lens);
  const quiet = quietReturns(visibleMoves(picture, smaller));
  const drawn = new Map(visibleMoves(picture, smaller).map((one) => [arrowId(one.arrow), one]));
  return layout.routes.flatMap((route): ArrowData[] => {
    const move = drawn.get(route.id);
    if (!move) return [];
    const text = arrowText(move, lens, picture.price.currency);
    const sentence = arrowSentence(move, name, picture.price.currency);
    return [{ route, move, lens, strength: strength.get(route.id) ?? 0, quiet: quiet.has(route.id), text, sentence }];
  });
}
