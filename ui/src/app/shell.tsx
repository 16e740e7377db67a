/** The frame of every page: rail, top bar, drawers, palette and keys. */

import { useDocumentTitle, useHotkeys } from "@mantine/hooks";
import { spotlight } from "@mantine/spotlight";
import { type ReactNode, useState } from "react";
import { useLocation } from "wouter";
import { useWorkspace } from "@/api/queries.ts";
import { CommandPalette } from "@/app/command-palette.tsx";
import { Drawers } from "@/app/drawers.tsx";
import { FewNote } from "@/app/few-note.tsx";
import { KeysHelp } from "@/app/keys-help.tsx";
import { PAGES } from "@/app/pages.ts";
import { Rail } from "@/app/rail.tsx";
import { TopBar } from "@/app/top-bar.tsx";
import classes from "./shell.module.css";

export function Shell({ children }: { readonly children: ReactNode }) {
  const [keys, setKeys] = useState(false);
  const [path] = useLocation();
  const workspace = useWorkspace();
  const page = PAGES.find((one) => path === one.path || path.startsWith(`${one.path}/`))?.name;
  useDocumentTitle([page, workspace.data?.name, "Pathworth"].filter(Boolean).join(" · "));
  useHotkeys([
    ["shift+?", () => setKeys(true)],
    ["?", () => setKeys(true)],
    ["mod+K", () => spotlight.open(), { preventDefault: true }],
  ]);
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#page">
        To the page
      </a>
      <Rail />
      <TopBar workspace={workspace.data} now={workspace.dataUpdatedAt} onKeys={() => setKeys(true)} />
      <main className={classes.page} id="page" tabIndex={-1}>
        {children}
        <FewNote />
      </main>
      <Drawers />
      <CommandPalette />
      <KeysHelp opened={keys} onClose={() => setKeys(false)} />
    </div>
  );
}
