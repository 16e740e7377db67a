/** Decisions as they are taken: what was sent, what was not, and why. */

import { Link, useSearch } from "wouter";
import { useDecisions } from "@/api/act-queries.ts";
import type { FeedRow } from "@/api/types.ts";
import { Asking } from "@/app/asking.tsx";
import { moment } from "@/lib/format.ts";
import { decisionMark } from "@/stages/act/words.ts";
import { subjectLink } from "@/stages/journeys/subject-link.ts";
import classes from "./act.module.css";

interface DecisionFeedProps {
  readonly program: string | null;
  readonly timezone: string;
  readonly empty: string;
}

export function DecisionFeed({ program, timezone, empty }: DecisionFeedProps) {
  const decisions = useDecisions(program);
  return (
    <Asking query={decisions} what="Reading the decisions">
      {(rows) => (rows.length === 0 ? <p className={classes.soft}>{empty}</p> : <DecisionRows rows={rows} timezone={timezone} named={program === null} />)}
    </Asking>
  );
}

interface DecisionRowsProps {
  readonly rows: readonly FeedRow[];
  readonly timezone: string;
  readonly named: boolean;
}

export function DecisionRows({ rows, timezone, named }: DecisionRowsProps) {
  const search = useSearch();
  return (
    <ul className={classes.feed}>
      {rows.map((row) => {
        const mark = decisionMark(row);
        return (
          <li key={row.id}>
            <span title={mark.word} aria-label={mark.word} role="img">
              {mark.shape}
            </span>
            <div>
              <p>
                {row.sentence} <Link href={subjectLink({ kind: "person", id: row.entity }, search)}>Journey</Link>
              </p>
              {row.others.length > 0 && <p className={classes.soft}>Also: {row.others.join("; ")}.</p>}
              {named && <p className={classes.soft}>{row.program_name}</p>}
            </div>
            <time className={classes.soft} dateTime={row.decided}>
              {moment(row.decided, timezone)}
            </time>
          </li>
        );
      })}
    </ul>
  );
}
