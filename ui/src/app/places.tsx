/** The parts of a long page, to jump to. */

import { placeOf } from "@/stages/settings/section.tsx";
import classes from "./places.module.css";

export function Places({ titles }: { readonly titles: readonly string[] }) {
  return (
    <nav className={classes.places} aria-label="On this page">
      {titles.map((title) => (
        <a key={title} href={`#${placeOf(title)}`} className={classes.place}>
          {title}
        </a>
      ))}
    </nav>
  );
}
