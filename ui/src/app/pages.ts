/** The pages that exist, with their addresses; a page is added when it works. */

import { ActIcon, DataIcon, ExploreIcon, LearnIcon, MapIcon, PeopleIcon, PlanIcon, SettingsIcon, TodayIcon, ValueIcon } from "@/ui/icons.tsx";

export const PAGES = [
  { path: "/today", name: "Today", icon: TodayIcon },
  { path: "/map", name: "Map", icon: MapIcon },
  { path: "/plan", name: "Plan", icon: PlanIcon },
  { path: "/explore", name: "Explore", icon: ExploreIcon },
  { path: "/value", name: "Value", icon: ValueIcon },
  { path: "/people", name: "People", icon: PeopleIcon },
  { path: "/act", name: "Act", icon: ActIcon },
  { path: "/learn", name: "Learn", icon: LearnIcon },
  { path: "/data", name: "Data", icon: DataIcon },
  { path: "/settings", name: "Settings", icon: SettingsIcon },
] as const;

export type PagePath = (typeof PAGES)[number]["path"];
