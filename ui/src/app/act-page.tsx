/** Act: programs with their decisions, the calendar of every message, channels and consent. */

import { Button } from "@mantine/core";
import { Link, useSearchParams } from "wouter";
import { usePrograms } from "@/api/act-queries.ts";
import { useWorkspace } from "@/api/queries.ts";
import type { ProgramLine } from "@/api/types.ts";
import { Asking } from "@/app/asking.tsx";
import { NoEvents } from "@/app/no-events.tsx";
import { EditProgram, NewProgram, OneProgram } from "@/app/act-program.tsx";
import { Calendar } from "@/stages/act/calendar.tsx";
import { AskRoom } from "@/stages/act/pages/ask-room.tsx";
import { Channels } from "@/stages/act/channels.tsx";
import { DecisionFeed } from "@/stages/act/decision-feed.tsx";
import { ProgramList } from "@/stages/act/program-list.tsx";
import { UnknownList } from "@/stages/act/unknown-list.tsx";
import { EmptyState } from "@/ui/states.tsx";
import actClasses from "@/stages/act/act.module.css";
import panes from "@/ui/two-panes.module.css";
import classes from "./act-page.module.css";
import { Worded } from "@/ui/worded.tsx";

const ROOMS = [
  { show: "decisions", name: "Decisions" },
  { show: "calendar", name: "Calendar" },
  { show: "pages", name: "On your pages" },
  { show: "channels", name: "Channels and consent" },
] as const;
const WORDS = ["program", "show", "do", "about", "ask"] as const;
type Where = Partial<Record<(typeof WORDS)[number], string>>;

export function ActPage() {
  const programs = usePrograms();
  return (
    <Asking query={programs} what="Reading the programs">
      {(lines) => <Loaded lines={lines} />}
    </Asking>
  );
}

function Loaded({ lines }: { readonly lines: readonly ProgramLine[] }) {
  const [params, setParams] = useSearchParams();
  const workspace = useWorkspace().data;
  const timezone = workspace?.timezone ?? "UTC";
  const at = (where: Where) => {
    const next = new URLSearchParams(params);
    for (const word of WORDS) next.delete(word);
    for (const [word, value] of Object.entries(where)) if (value) next.set(word, value);
    return next;
  };
  const go = (where: Where) => setParams(at(where));
  const linkTo = (where: Where) => `/act?${at(where).toString()}`;
  const show = params.get("show");
  const doing = params.get("do");
  const chosen = params.get("program");
  const open = chosen ?? (show || doing ? null : (lines[0]?.id ?? null));
  const bare = workspace?.events === 0 && !show && !open;
  return (
    <div className={panes.page} data-open={chosen ?? show ?? doing ? "true" : lines.length === 0 ? "both" : "false"}>
      <div className={panes.side}>
        <div className={panes.head}>
          <h1>
            <Worded text="Programs" />
          </h1>
          <Button size="compact-sm" variant="light" onClick={() => go({ do: "new" })}>
            New program
          </Button>
        </div>
        <nav className={classes.rooms} aria-label="Act" style={{ marginTop: 10 }}>
          {ROOMS.map((room) => (
            <Link key={room.show} href={linkTo({ show: room.show })} aria-current={show === room.show ? "page" : undefined}>
              {room.name}
            </Link>
          ))}
        </nav>
        <ProgramList lines={lines} chosen={open} linkTo={(program) => linkTo({ program })} />
      </div>
      <div className={panes.main}>
        <Link className={panes.back ?? ""} href={linkTo({})}>
          All programs
        </Link>
        {!doing && <UnknownList timezone={timezone} />}
        {show === "decisions" && (
          <section className={actClasses.section} aria-label="Decisions">
            <h1 className={actClasses.title}>Every decision, taken and not taken</h1>
            <DecisionFeed program={null} timezone={timezone} empty="Nothing was decided yet. A running program decides within a second of an event that concerns it." />
          </section>
        )}
        {show === "calendar" && <Calendar />}
        {show === "channels" && <Channels />}
        {show === "pages" && <AskRoom chosen={params.get("ask")} choose={(ask) => go({ show: "pages", ask: ask ?? "" })} timezone={timezone} />}
        {bare && <NoEvents then="A program begins at a step of the map that is drawn from them." />}
        {doing === "new" && !bare && <NewProgram key={params.get("about")} step={params.get("about")} onSaved={(program) => go({ program })} onCancel={() => go({})} />}
        {doing === "change" && chosen && <EditProgram key={chosen} id={chosen} onDone={() => go({ program: chosen })} />}
        {open && !doing && <OneProgram key={open} id={open} timezone={timezone} onEdit={() => go({ program: open, do: "change" })} />}
        {!open && !show && !doing && !bare && (
          <EmptyState
            title="No program yet"
            text="A program sends one message to people who enter or stay at a step, if they agreed and are not in the comparison group. Draft one from a step of the map."
            action={<Button onClick={() => go({ do: "new" })}>Draft a program</Button>}
          />
        )}
      </div>
    </div>
  );
}
