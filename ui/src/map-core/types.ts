/** What the layout is given and what it answers; plain data, no drawing. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export type MoveKind = "forward" | "loop" | "return";

export interface MapArrow {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly kind: MoveKind;
  readonly people: number;
  readonly label: string;
}

export interface MapExit {
  readonly step: string;
  readonly label: string;
}

export interface MapInput {
  readonly columns: readonly { readonly stage: string; readonly steps: readonly string[] }[];
  readonly arrows: readonly MapArrow[];
  readonly exits: readonly MapExit[];
}

export interface Card extends Box {
  readonly id: string;
  readonly column: number;
  /** Place in its column from the top, and how many stand there. */
  readonly row: number;
  readonly rows: number;
}

export interface Stage {
  readonly label: string;
  readonly x: number;
  readonly width: number;
}

export interface Route {
  readonly id: string;
  readonly kind: MoveKind;
  readonly path: string;
  /** The part it does not share, up to where it joins the trunk of its target; null where it shares nothing. */
  readonly stem: string | null;
  readonly head: string;
  readonly width: number;
  readonly anchor: Point;
  /** Where its text stands; null where no room is free, then a dot stands at the anchor. */
  readonly label: Box | null;
}

/** The lane that all returns to one step share; it grows with everyone who joins. */
export interface Trunk {
  readonly to: string;
  /** How many return here, as a share of the trunk that has most: 0 to 1. */
  readonly weight: number;
  /** From the first joint to the head, each with the returns that run on it. */
  readonly pieces: readonly { readonly path: string; readonly width: number; readonly arrows: readonly string[] }[];
  readonly head: string;
}

export interface ExitStub {
  readonly step: string;
  readonly path: string;
  readonly label: Box;
}

export interface MapLayout {
  readonly width: number;
  readonly height: number;
  readonly cards: readonly Card[];
  readonly stages: readonly Stage[];
  readonly routes: readonly Route[];
  readonly trunks: readonly Trunk[];
  readonly exits: readonly ExitStub[];
}
