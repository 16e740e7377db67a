/** The pages that exist, with their addresses; a page is added when it works. */

import { MapIcon, ValueIcon } from "@/ui/icons.tsx";

export const PAGES = [
  { path: "/map", name: "Map", icon: MapIcon },
  { path: "/value", name: "Value", icon: ValueIcon },
] as const;

export type PagePath = (typeof PAGES)[number]["path"];
