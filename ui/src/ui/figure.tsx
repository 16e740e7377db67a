/** A number that explains itself on hover or focus, and opens its people on a click. */

import { Tooltip, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./figure.module.css";

export interface Meaning {
  readonly what: string;
  readonly lines: readonly string[];
}

interface FigureProps {
  readonly children: ReactNode;
  readonly meaning: Meaning;
  readonly label?: string;
  readonly onOpen?: (() => void) | undefined;
  readonly className?: string | undefined;
}

function Words({ meaning }: { readonly meaning: Meaning }) {
  return (
    <span className={classes.words}>
      <span className={classes.what}>{meaning.what}</span>
      {meaning.lines.map((line) => (
        <span key={line} className={classes.line}>
          {line}
        </span>
      ))}
    </span>
  );
}

export function Figure({ children, meaning, label, onOpen, className }: FigureProps) {
  const style = [classes.figure, className].filter(Boolean).join(" ");
  return (
    <Tooltip multiline maw={300} label={<Words meaning={meaning} />} classNames={{ tooltip: classes.tooltip }}>
      {onOpen ? (
        <UnstyledButton className={[style, classes.opens].join(" ")} aria-label={label} onClick={onOpen}>
          {children}
        </UnstyledButton>
      ) : (
        <span className={style} tabIndex={0} role="note" aria-label={label}>
          {children}
        </span>
      )}
    </Tooltip>
  );
}
