/** A panel beside the page that leaves the page usable; Esc closes it and focus goes back. */

import { ActionIcon } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { CloseIcon } from "@/ui/icons.tsx";
import classes from "./side-panel.module.css";

interface SidePanelProps {
  readonly title: string;
  readonly under?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function SidePanel({ title, under, onClose, children }: SidePanelProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <aside
      className={classes.panel}
      aria-label={title}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header className={classes.head}>
        <div>
          <h2 className={classes.title} ref={heading} tabIndex={-1}>
            {title}
          </h2>
          {under && <p className={classes.under}>{under}</p>}
        </div>
        <ActionIcon variant="subtle" color="gray" aria-label="Close" onClick={onClose}>
          <CloseIcon />
        </ActionIcon>
      </header>
      <div className={classes.body}>{children}</div>
    </aside>
  );
}
