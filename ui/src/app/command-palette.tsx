/** Finds everything that exists: pages, lenses, steps, maps, the theme, and a person by id. */

import { useMantineColorScheme } from "@mantine/core";
import { Spotlight } from "@mantine/spotlight";
import { useState } from "react";
import { useLocation } from "wouter";
import { useAddress } from "@/api/address.ts";
import { QUESTION_WORDS, QUESTIONS } from "@/api/explore.ts";
import { usePicture, useWorkspace } from "@/api/queries.ts";
import { usePageLink } from "@/app/page-link.ts";
import { PAGES } from "@/app/pages.ts";
import { SearchIcon } from "@/ui/icons.tsx";

interface Command {
  readonly id: string;
  readonly label: string;
  readonly kind: string;
  readonly run: () => void;
}

const LENSES = [
  { lens: "flow", label: "Lens Flow" },
  { lens: "time", label: "Lens Time" },
  { lens: "money", label: "Lens Money" },
] as const;

function useCommands(): readonly Command[] {
  const { selection, select, see } = useAddress();
  const picture = usePicture(selection);
  const workspace = useWorkspace();
  const { setColorScheme } = useMantineColorScheme();
  const [path, go] = useLocation();
  const link = usePageLink();
  const stepLink = (id: string) => `${link("/map")}${link("/map").includes("?") ? "&" : "?"}step=${encodeURIComponent(id)}`;
  const pages = PAGES.map(({ path: to, name }): Command => ({ id: to, label: name, kind: "page", run: () => go(link(to)) }));
  const questions = QUESTIONS.map((one): Command => ({ id: `explore-${one}`, label: `${QUESTION_WORDS[one].name}: ${QUESTION_WORDS[one].what.toLowerCase()}`, kind: "question", run: () => go(link("/explore").replace("/explore", `/explore/${one}`)) }));
  const steps = (picture.data?.document.steps ?? []).map((step): Command => ({ id: `step-${step.id}`, label: step.name, kind: "step", run: () => go(stepLink(step.id)) }));
  const maps = (workspace.data?.maps ?? []).map((map): Command => ({ id: `map-${map.name}`, label: map.name, kind: "map", run: () => select({ map: map.name, persona: null }) }));
  const lenses = path === "/map" ? LENSES.map(({ lens, label }): Command => ({ id: lens, label, kind: "lens", run: () => see({ lens }) })) : [];
  const themes = (["light", "dark", "auto"] as const).map((scheme): Command => ({
    id: `theme-${scheme}`,
    label: `Theme ${scheme === "auto" ? "as the system" : scheme}`,
    kind: "theme",
    run: () => setColorScheme(scheme),
  }));
  return [...pages, ...questions, ...steps, ...maps, ...lenses, ...themes];
}

export function CommandPalette() {
  const [query, setQuery] = useState("");
  const { see } = useAddress();
  const wanted = query.trim();
  const found = useCommands().filter(({ label, kind }) => `${kind} ${label}`.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <Spotlight.Root query={query} onQueryChange={setQuery} shortcut={null} scrollable maxHeight={380} attributes={{ content: { "aria-label": "Find a page, step or person" } }}>
      <Spotlight.Search placeholder="Page, step, or a person's id" leftSection={<SearchIcon />} aria-label="Find a page, step or person" />
      <Spotlight.ActionsList>
        {found.slice(0, 40).map(({ id, label, kind, run }) => (
          <Spotlight.Action key={id} label={label} rightSection={kind} onClick={run} />
        ))}
        {wanted !== "" && <Spotlight.Action key="person" label={`Open person ${wanted}`} rightSection="person" onClick={() => see({ person: wanted })} />}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
