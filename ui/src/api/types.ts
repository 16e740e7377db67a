/** The JSON that the API answers with, under the names that pages use; the shapes are generated from the server's own. */

import type { components } from "@/api/generated/schema.ts";

type Schemas = components["schemas"];

/** Nothing that the server answered is ever changed. */
type Fixed<T> = T extends readonly unknown[] ? { readonly [K in keyof T]: Fixed<T[K]> } : T extends object ? { readonly [K in keyof T]: Fixed<T[K]> } : T;

export type MoveKind = Schemas["DrawnArrow"]["kind"];
export type Workspace = Fixed<Schemas["Overview"]>;
export type MapName = Fixed<Schemas["MapName"]>;
export type MapStep = Fixed<Schemas["MapStep"]>;
export type MapDocument = Fixed<Schemas["MapDocument"]>;
export type Arrow = Fixed<Schemas["Arrow"]>;
export type DoNextRow = Fixed<Schemas["DoNextRow"]>;
export type IgnoreRow = Fixed<Schemas["IgnoreRow"]>;
export type StepFigures = Fixed<Schemas["StepFigures"]>;
export type Price = Fixed<Schemas["Price"]>;
export type DrawnArrow = Fixed<Schemas["DrawnArrow"]>;
export type Picture = Fixed<Schemas["Picture"]>;
export type People = Fixed<Schemas["PeoplePage"]>;
export type PersonRow = Fixed<Schemas["PersonRow"]>;
export type Person = Fixed<Schemas["Timeline"]>;
export type PersonEvent = Fixed<Schemas["TimelineEvent"]>;
export type Column = Fixed<Schemas["ColumnRow"]>;
