/** A question or message as it stands in the corner of a page. */

import type { PageAsk } from "@/api/types.ts";
import classes from "./ask-preview.module.css";

const SCALE = Array.from({ length: 11 }, (_, k) => String(k));

export function AskPreview({ ask }: { readonly ask: PageAsk }) {
  const ways = ask.answers === "scale" ? SCALE : ask.choices.filter((one) => one.trim() !== "");
  return (
    <figure className={classes.page} aria-label="Preview">
      <div className={classes.box} inert>
        <p>{ask.text || "What it says"}</p>
        {ask.kind === "question" && ask.answers === "words" && <textarea aria-label="Answer" />}
        {ask.kind === "question" && (ask.answers === "words" ? ["OK"] : ways).map((one, place) => <span key={`${one} ${String(place)}`}>{one}</span>)}
        {ask.kind === "message" && ask.link && <span>{ask.label || ask.link}</span>}
        <b>×</b>
      </div>
    </figure>
  );
}
