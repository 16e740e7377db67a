/** What an audit says of each source: its score, what is wrong now, and what is over. */

import type { AuditedSource, AuditFinding } from "@/api/types.ts";
import { count } from "@/lib/format.ts";
import classes from "./watched.module.css";
import { dated, localDay, markOf, sharesOf } from "./words.ts";

export function AuditedSources({ sources }: { readonly sources: readonly AuditedSource[] }) {
  if (sources.length === 0) return <p className={classes.quiet}>There are no events to look at yet.</p>;
  return (
    <ul className={classes.sources}>
      {sources.map((source) => (
        <li key={source.source}>
          <Head source={source} />
          <Findings source={source} />
        </li>
      ))}
    </ul>
  );
}

function Head({ source }: { readonly source: AuditedSource }) {
  const { first, last } = source;
  const events = first === null || last === null ? "No event of it could be read." : `${count(source.events)} events from ${localDay(first)} to ${localDay(last)}.`;
  const shares = sharesOf(source);
  return (
    <>
      <div className={classes.head}>
        <h3 className={classes.name}>{source.source}</h3>
        <meter className={classes.meter} min={0} max={100} low={60} high={90} optimum={100} value={source.score} aria-label={`Score of ${source.source}`} />
        <span className={classes.score}>{count(source.score)} of 100</span>
      </div>
      <p className={classes.quiet}>
        {events} {shares.length > 0 && `In four weeks: ${shares.join(", ")}.`}
      </p>
    </>
  );
}

function Findings({ source }: { readonly source: AuditedSource }) {
  const over = source.findings.filter((one) => one.until !== null);
  const now = source.findings.filter((one) => one.until === null);
  return (
    <>
      {now.length === 0 ? <p className={classes.fine}>Nothing is wrong now.</p> : <FindingList findings={now} />}
      {over.length > 0 && (
        <details>
          <summary>
            {count(over.length)} {over.length === 1 ? "finding is" : "findings are"} over
          </summary>
          <FindingList findings={over} />
        </details>
      )}
    </>
  );
}

function FindingList({ findings }: { readonly findings: readonly AuditFinding[] }) {
  return (
    <ul className={classes.findings}>
      {findings.map((one) => {
        const { shape, word } = markOf(one.severity);
        return (
          <li key={`${one.sentence} ${one.since ?? ""}`} data-severity={one.severity}>
            <span className={classes.mark}>
              <span aria-hidden="true">{shape}</span> {word}
            </span>
            <div>
              <p>{dated(one.sentence)}</p>
              <p className={classes.quiet}>{dated(one.remedy)}</p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
