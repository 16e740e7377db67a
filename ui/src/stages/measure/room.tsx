/** The frame of every question: what is asked at the left, the answer as a sentence and a picture at the right. */

import type { ReactNode } from "react";
import { Link } from "wouter";
import { useAddress } from "@/api/address.ts";
import { type Question, QUESTION_WORDS, QUESTIONS, tabOf, useExplore } from "@/api/explore.ts";
import { useWorkspace } from "@/api/queries.ts";
import { entityOf } from "@/lib/units.ts";
import { ViewSwitch } from "@/app/lens-switch.tsx";
import { SelectionBar } from "@/app/selection-bar.tsx";
import { Headline } from "@/stages/atlas/headline.tsx";
import { AgainstBar } from "@/stages/measure/against-bar.tsx";
import { CutLine } from "@/stages/measure/cut-line.tsx";
import { type Counted, ownersOf, useWhole } from "@/stages/measure/funnel-counted.ts";
import { type Drawing, ExportMenu } from "@/ui/export-menu.tsx";
import { LeftOut } from "@/ui/left-out.tsx";
import { Defined } from "@/ui/worded.tsx";
import classes from "./room.module.css";

interface RoomProps {
  readonly question: Question;
  readonly headline: string;
  readonly stale?: boolean;
  readonly builder: ReactNode;
  readonly body: ReactNode;
  readonly csv?: () => string;
  readonly drawing?: (() => Promise<Drawing>) | undefined;
}

export function Room({ question, headline, stale = false, builder, body, csv, drawing }: RoomProps) {
  const { look, see } = useAddress();
  const workspace = useWorkspace();
  const counted = useWhole();
  const view = look.view ?? "picture";
  const { name, what } = QUESTION_WORDS[question];
  return (
    <div className={classes.room}>
      <SelectionBar priced={false}>
        {drawing && <ViewSwitch view={view} picture="Chart" onChange={(next) => see({ view: next })} />}
        {csv && (
          <ExportMenu
            name={name}
            words={[workspace.data?.name ?? "", name]}
            csv={[{ name: "numbers", text: () => headed(csv(), counted) }]}
            drawing={drawing ?? null}
            {...(drawing ? { table: { on: view === "table", toggle: () => see({ view: view === "table" ? "picture" : "table" }) } } : {})}
          />
        )}
      </SelectionBar>
      <div className={classes.top}>
        <Tabs now={question} />
        <AgainstBar />
      </div>
      <div className={classes.columns}>
        <section className={classes.builder} aria-label={`What is asked: ${what}`}>
          {builder}
        </section>
        <section className={classes.answer} aria-label="Answer" tabIndex={0}>
          {headline ? (
            <div className={classes.headline}>
              <Headline text={headline} stale={stale} />
            </div>
          ) : (
            <h1 className="visually-hidden">{what}</h1>
          )}
          {body}
          <CutLine />
          <LeftOut excluded={workspace.data?.excluded ?? {}} />
        </section>
      </div>
    </div>
  );
}

/** The head of a file says whose journeys it counts. */
function headed(text: string, counted: Counted): string {
  const { one, many } = ownersOf(counted);
  const end = text.indexOf("\n");
  return text.slice(0, end).replace(/\bpeople\b/u, many).replace(/\bper_person\b/u, `per_${one}`) + text.slice(end);
}

/** The questions; the selection and B come along. */
function Tabs({ now }: { readonly now: Question }) {
  const { selection, asked } = useExplore();
  const kept = new URLSearchParams();
  for (const name of ["map", "persona", "from", "to"] as const) if (selection[name]) kept.set(name, selection[name]);
  for (const name of ["where", "who"] as const) for (const text of selection[name]) kept.append(name, text);
  for (const name of ["against", "against_from", "against_to", "against_persona"] as const) if (asked[name]) kept.set(name, asked[name]);
  for (const name of ["against_where", "against_who"] as const) for (const text of asked[name]) kept.append(name, text);
  const whose = entityOf(asked.of);
  if (whose) kept.set("of", whose);
  const text = kept.size > 0 ? `?${kept.toString()}` : "";
  return (
    <nav className={classes.tabs} aria-label="Questions">
      {QUESTIONS.filter((one) => tabOf(one) === one).map((one) => (
        <Defined key={one} text={QUESTION_WORDS[one].name}>
          <Link href={`/explore/${one}${text}`} className={classes.tab ?? ""} aria-current={one === tabOf(now) ? "page" : undefined}>
            {QUESTION_WORDS[one].name}
          </Link>
        </Defined>
      ))}
    </nav>
  );
}
