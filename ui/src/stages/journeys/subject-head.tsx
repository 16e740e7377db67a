/** Who somebody is and where they stand: step and for how long, money, traits, people of an account. */

import { Link } from "wouter";
import type { SubjectHead as Head } from "@/api/types.ts";
import { count, day, duration, moment, money } from "@/lib/format.ts";
import { PersonIds } from "@/stages/journeys/person-ids.tsx";
import { PersonPrivacy } from "@/stages/journeys/person-privacy.tsx";
import { subjectLink } from "@/stages/journeys/subject-link.ts";
import classes from "./subject-head.module.css";
import { Worded } from "@/ui/worded.tsx";

/** Under a minute, how long is no news. */
const SHORT = 60;

interface SubjectHeadProps {
  readonly head: Head;
  readonly timezone: string;
  readonly currency: string;
  /** What of the present address goes along. */
  readonly search: string;
}

export function SubjectHead({ head, timezone, currency, search }: SubjectHeadProps) {
  const { subject, standing } = head;
  const account = subject.kind === "person" ? head.people[0]?.account : null;
  return (
    <header className={classes.head}>
      <Link href={search ? `/people?${search}` : "/people"} className={classes.back ?? ""}>
        ← People
      </Link>
      <h1 className={classes.name}>
        <span className={classes.kind}>{subject.kind === "person" ? "Person" : "Account"}</span> {subject.id}
      </h1>
      <p className={classes.stands}>
        {standing ? (
          <>
            In <b>{standing.name}</b> since {moment(standing.since, timezone)}
            {standing.seconds >= SHORT && `, ${duration(standing.seconds)} by the end of the data`}.
          </>
        ) : (
          "In no step of the map so far."
        )}{" "}
        {head.waiting > 0 && `${count(head.waiting)} ${head.waiting === 1 ? "event has" : "events have"} arrived since and ${head.waiting === 1 ? "is" : "are"} not in the numbers yet.`}
      </p>
      <dl className={classes.facts}>
        <Fact name="Events" value={`${count(head.events)} in ${count(head.visits)} ${head.visits === 1 ? "visit" : "visits"}`} />
        {head.first && head.last && <Fact name="Seen" value={`${day(head.first, timezone)} to ${day(head.last, timezone)}`} />}
        <Fact name="Net money" value={money(head.money, currency)} />
        <Fact name="Decisions" value={head.decisions === 0 ? "none so far" : count(head.decisions)} />
        {account && (
          <Fact
            name="Account"
            value={
              <Link href={subjectLink({ kind: "account", id: account }, search)} className={classes.link ?? ""}>
                {account}
              </Link>
            }
          />
        )}
        {subject.kind === "person" && Object.entries(head.people[0]?.traits ?? {}).map(([name, value]) => (value === account ? null : <Fact key={name} name={name} value={value} />))}
        {head.facts.map((one) => (
          <Fact key={`${one.kind} ${one.name}`} name={one.name} value={one.value} />
        ))}
      </dl>
      {subject.kind === "account" && head.count > 0 && <Members head={head} search={search} />}
      {head.ids.length > 1 && <PersonIds ids={head.ids} timezone={timezone} />}
      <PersonPrivacy head={head} />
    </header>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: React.ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>
        <Worded text={name} />
      </dt>
      <dd>{value}</dd>
    </div>
  );
}

function Members({ head, search }: { readonly head: Head; readonly search: string }) {
  const more = head.count - head.people.length;
  return (
    <p className={classes.members}>
      {count(head.count)} {head.count === 1 ? "person" : "people"}:{" "}
      {head.people.map((one, k) => (
        <span key={one.id}>
          {k > 0 && ", "}
          <Link href={subjectLink({ kind: "person", id: one.id }, search)} className={classes.link ?? ""}>
            {one.id}
          </Link>
          {one.step && <span className={classes.step}> {one.step}</span>}
        </span>
      ))}
      {more > 0 && ` and ${count(more)} more`}
    </p>
  );
}
