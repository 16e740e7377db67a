/** Text whose words of the trade explain themselves on hover, focus or touch. */

import { Tooltip } from "@mantine/core";
import { cloneElement, type ReactElement, type ReactNode } from "react";
import { nameOf, piecesOf, type Term, termsIn } from "@/lib/terms.ts";
import classes from "./worded.module.css";

function Meanings({ terms }: { readonly terms: readonly Term[] }) {
  return terms.map((term) => (
    <span key={term.forms} className={classes.means}>
      {term.means}
    </span>
  ));
}

/** A heading or column; a word of the trade in it can be pointed at and reached by Tab. */
export function Worded({ text }: { readonly text: string }) {
  return piecesOf(text).map(({ text: said, term }, place) =>
    term ? (
      <Tooltip key={place} multiline maw={300} label={<Meanings terms={[term]} />}>
        <dfn className={classes.term} tabIndex={0} data-term={nameOf(term)}>
          {said}
        </dfn>
      </Tooltip>
    ) : (
      said
    ),
  );
}

/** The same for places that take a node, such as the label of a field. */
export function worded(text: string): ReactNode {
  return <Worded text={text} />;
}

/** A control whose own text holds words of the trade: it explains them itself, since nothing in it can be reached apart. */
export function Defined({ text, children }: { readonly text: string; readonly children: ReactElement<{ "data-term"?: string }> }) {
  const terms = termsIn(text);
  if (terms.length === 0) return children;
  return (
    <Tooltip multiline maw={300} label={<Meanings terms={terms} />}>
      {cloneElement(children, { "data-term": terms.map(nameOf).join(", ") })}
    </Tooltip>
  );
}
