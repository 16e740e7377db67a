/** The words of the address that say how a page is looked at, and one hook to read and change them. */

import { useCallback } from "react";
import { useSearchParams } from "wouter";
import { type PeopleOf, readPeopleOf, writePeopleOf } from "@/api/people-of.ts";
import { readSelection, type Selection, writeSelection } from "@/api/selection.ts";

export type Lens = "flow" | "time" | "money";
export type View = "picture" | "table";

export interface Look {
  readonly lens: Lens | null;
  /** Null where the page decides. */
  readonly view: View | null;
  readonly smaller: boolean;
  readonly step: string | null;
  readonly arrow: readonly [string, string] | null;
  readonly people: PeopleOf | null;
  readonly person: string | null;
}

function readLens(text: string | null): Lens | null {
  return text === "flow" || text === "time" || text === "money" ? text : null;
}

function readView(text: string | null): View | null {
  return text === "picture" || text === "table" ? text : null;
}

function readArrow(text: string | null): readonly [string, string] | null {
  const [from, to] = (text ?? "").split("/");
  return from && to ? [from, to] : null;
}

/** Read how the page is looked at. */
export function readLook(params: URLSearchParams): Look {
  return {
    lens: readLens(params.get("lens")),
    view: readView(params.get("view")),
    smaller: params.get("smaller") === "show",
    step: params.get("step"),
    arrow: readArrow(params.get("arrow")),
    people: readPeopleOf(params.get("people")),
    person: params.get("person"),
  };
}

function set(params: URLSearchParams, name: string, value: string | null): void {
  if (value === null || value === "") params.delete(name);
  else params.set(name, value);
}

/** Write a changed look into a copy of the address. */
export function writeLook(params: URLSearchParams, change: Partial<Look>): URLSearchParams {
  const next = new URLSearchParams(params);
  if (change.lens !== undefined) set(next, "lens", change.lens);
  if (change.view !== undefined) set(next, "view", change.view);
  if (change.smaller !== undefined) set(next, "smaller", change.smaller ? "show" : null);
  if (change.step !== undefined) set(next, "step", change.step);
  if (change.arrow !== undefined) set(next, "arrow", change.arrow ? change.arrow.join("/") : null);
  if (change.people !== undefined) set(next, "people", change.people ? writePeopleOf(change.people) : null);
  if (change.person !== undefined) set(next, "person", change.person);
  return next;
}

export interface Address {
  readonly selection: Selection;
  readonly look: Look;
  readonly select: (change: Partial<Selection>) => void;
  readonly see: (change: Partial<Look>) => void;
}

/** The address as selection and look, with ways to change each. */
export function useAddress(): Address {
  const [params, setParams] = useSearchParams();
  const select = useCallback(
    (change: Partial<Selection>) => setParams((now) => writeSelection(now, change)),
    [setParams],
  );
  const see = useCallback((change: Partial<Look>) => setParams((now) => writeLook(now, change)), [setParams]);
  return { selection: readSelection(params), look: readLook(params), select, see };
}
