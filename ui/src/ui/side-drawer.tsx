/** A drawer over the page, with its title and a way out. */

import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./side-drawer.module.css";
import { Worded } from "@/ui/worded.tsx";

interface SideDrawerProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function SideDrawer({ title, onClose, children }: SideDrawerProps) {
  return (
    <Drawer.Root opened onClose={onClose} position="right" size={560}>
      <Drawer.Overlay />
      <Drawer.Content>
        <div className={classes.head}>
          <Drawer.Title className={classes.title ?? ""}><Worded text={title} /></Drawer.Title>
          <Drawer.CloseButton aria-label="Close" />
        </div>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
