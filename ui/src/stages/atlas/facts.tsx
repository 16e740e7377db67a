/** Rows of name and number, as the inspector shows them. */

import type { ReactNode } from "react";
import classes from "./facts.module.css";
import { Worded } from "@/ui/worded.tsx";

export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className={classes.facts}>{children}</dl>;
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>
        <Worded text={name} />
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h3 className={classes.title}>
        <Worded text={title} />
      </h3>
      {children}
    </section>
  );
}
