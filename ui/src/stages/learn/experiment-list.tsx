/** Every experiment in one line each: what runs, what waits, and the work that is retired. */

import { Link } from "wouter";
import type { ExperimentLine } from "@/api/types.ts";
import { markOf, STATES } from "@/stages/learn/words.ts";
import inLines from "@/ui/line-list.module.css";
import classes from "./learn.module.css";

interface ListProps {
  readonly lines: readonly ExperimentLine[];
  readonly chosen: string | null;
  readonly linkTo: (id: string) => string;
}

const GROUPS: readonly { readonly title: string; readonly states: readonly ExperimentLine["state"][] }[] = [
  { title: "Running", states: ["running"] },
  { title: "Being prepared", states: ["locked", "draft"] },
  { title: "Retired work", states: ["ended"] },
];

/** Experiments in the order in which the list shows them. */
export function inOrder(lines: readonly ExperimentLine[]): readonly ExperimentLine[] {
  return GROUPS.flatMap(({ states }) => states.flatMap((state) => lines.filter((one) => one.state === state)));
}

export function ExperimentList({ lines, chosen, linkTo }: ListProps) {
  const groups = GROUPS.map(({ title, states }) => ({ title, rows: inOrder(lines).filter((one) => states.includes(one.state)) }));
  return (
    <nav aria-label="Experiments">
      {groups
        .filter(({ rows }) => rows.length > 0)
        .map(({ title, rows }) => (
          <section key={title} aria-label={title}>
            <h2 className={classes.group}>{title}</h2>
            <ul className={inLines.list}>
              {rows.map((one) => (
                <li key={one.id}>
                  <Link href={linkTo(one.id)} className={inLines.line ?? ""} aria-current={one.id === chosen ? "true" : undefined}>
                    <span className={classes.over}>
                      {STATES[one.state]} · {one.program}
                    </span>
                    <p className={inLines.name}>{one.hypothesis}</p>
                    <p className={classes.said}>
                      {one.word && <span aria-hidden="true">{markOf(one.word).sign} </span>}
                      {brief(one)}
                    </p>
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
    </nav>
  );
}

/** The verdict alone; the rest stands on the right. */
function brief(one: ExperimentLine): string {
  if (one.state === "ended") return `${one.word ? `${capital(one.word)}. ` : ""}${one.ended_why ?? ""}`;
  return one.word === "cannot tell yet" ? one.sentence : `${one.sentence.split(". ")[0]?.replace(/\.$/, "")}.`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
