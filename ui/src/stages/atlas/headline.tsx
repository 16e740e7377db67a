/** The one sentence that says what the page says. */

import classes from "./headline.module.css";
import { Worded } from "@/ui/worded.tsx";

export function Headline({ text, stale }: { readonly text: string; readonly stale: boolean }) {
  return (
    <h1 className={classes.headline} data-stale={stale} aria-live="polite">
      <Worded text={text} />
    </h1>
  );
}
