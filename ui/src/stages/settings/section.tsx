/** One part of the settings, with its name and what it is about. */

import type { ReactNode } from "react";
import classes from "./parts.module.css";
import { Worded } from "@/ui/worded.tsx";

/** Where a part stands on its page, as the end of an address. */
export function placeOf(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z]+/gu, "-");
}

export function Section({ title, about, children }: { readonly title: string; readonly about: string; readonly children: ReactNode }) {
  return (
    <section id={placeOf(title)} className={classes.section}>
      <h2 className={classes.title}>
        <Worded text={title} />
      </h2>
      <p className={classes.about}>
        <Worded text={about} />
      </p>
      {children}
    </section>
  );
}
