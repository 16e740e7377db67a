/** A against B: the second selection, which lives in the address like the first. */

import { Button, Menu, Popover, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { useSearchParams } from "wouter";
import { type Asked, useExplore, writeAsked } from "@/api/explore.ts";
import { useWorkspace } from "@/api/queries.ts";
import { writeSelection } from "@/api/selection.ts";
import { useMarks } from "@/charts/release-marks.tsx";
import { day, span } from "@/lib/format.ts";
import { aroundMark } from "@/lib/marks.ts";
import { allOf } from "@/lib/predicate.ts";
import { daysBefore } from "@/lib/days.ts";
import { FilterBuilder, type Keeps } from "@/stages/journeys/filter-builder.tsx";
import { CloseIcon, DownIcon, PlusIcon } from "@/ui/icons.tsx";
import classes from "./against.module.css";

const MOST_MARKS = 6;
type Days = NonNullable<ReturnType<typeof aroundMark>>;
const NOTHING: Partial<Asked> = { against: null, against_from: null, against_to: null, against_persona: null, against_where: [], against_who: [] };

export function AgainstBar() {
  const { against } = useExplore();
  return against ? <Second /> : <Begin />;
}

/** The usual second selections, and an empty one to fill. */
function Begin() {
  const { selection, ask } = useExplore();
  const workspace = useWorkspace();
  const same = { against: "1", against_from: selection.from, against_to: selection.to, against_persona: selection.persona, against_where: selection.where, against_who: selection.who };
  const who = allOf(selection.who);
  const period = selection.from && selection.to ? { from: selection.from, to: selection.to } : null;
  const [, setParams] = useSearchParams();
  const { from: known, to: until } = workspace.data ?? { from: null, to: null };
  const marks = useMarks(known, until);
  const around = marks.slice(-MOST_MARKS).flatMap((mark) => {
    const found = known && until ? aroundMark(mark.time, known, until) : null;
    return found ? [{ mark, days: found }] : [];
  });
  const go = ({ before, at, after }: Days) =>
    // A and B change together: first the same people in both, then the days before the mark against those after it.
    setParams((now) => writeAsked(writeSelection(now, { from: before, to: at }), { ...same, against_from: at, against_to: after }));
  const days = period ? Math.round((Date.parse(period.to) - Date.parse(period.from)) / 86_400_000) : 0;
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <Button size="compact-sm" variant="subtle" color="gray" rightSection={<DownIcon size={13} />} disabled={!workspace.data}>
          Compare with
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {period && (
          <Menu.Item onClick={() => ask({ ...same, against_from: daysBefore(period.from, days), against_to: period.from.slice(0, 10) })}>The {days} days before</Menu.Item>
        )}
        {who && <Menu.Item onClick={() => ask({ ...same, against_who: [`not (${who})`] })}>Everybody else</Menu.Item>}
        {(selection.who.length > 0 || selection.where.length > 0) && <Menu.Item onClick={() => ask({ ...same, against_who: [], against_where: [] })}>Everybody</Menu.Item>}
        <Menu.Item onClick={() => ask(same)}>Other people or another period …</Menu.Item>
        {around.length > 0 && <Menu.Label>Before and after</Menu.Label>}
        {around.map(({ mark, days }) => (
          <Menu.Item key={mark.n} onClick={() => go(days)}>
            {mark.name}, {day(mark.time, workspace.data?.timezone ?? "UTC")}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** B as chips, with what can be added and taken away. */
function Second() {
  const { asked, against, ask } = useExplore();
  const workspace = useWorkspace();
  const [open, setOpen] = useState(false);
  if (!against) return null;
  const add = (keeps: Keeps, text: string) => {
    const name = keeps === "who" ? "against_who" : "against_where";
    if (!asked[name].includes(text)) ask({ [name]: [...asked[name], text] });
    setOpen(false);
  };
  const timezone = workspace.data?.timezone ?? "UTC";
  const period = against.from || against.to ? periodText(against.from ?? workspace.data?.from ?? null, against.to ?? workspace.data?.to ?? null, timezone) : null;
  const empty = !period && !against.persona && against.who.length + against.where.length === 0;
  return (
    <div className={classes.second} role="group" aria-label="B, what is compared">
      <span className={classes.side}>A is above, B is</span>
      {empty && <span className={classes.everybody}>everybody, always</span>}
      {period && <Chip kind="period" text={period} onDrop={() => ask({ against_from: null, against_to: null })} />}
      {against.persona && <Chip kind="persona" text={against.persona} onDrop={() => ask({ against_persona: null })} />}
      {(["who", "where"] as const).flatMap((keeps) =>
        against[keeps].map((text) => (
          <Chip key={`${keeps} ${text}`} kind={keeps === "who" ? "people" : "events"} text={text} onDrop={() => ask({ [`against_${keeps}`]: against[keeps].filter((one) => one !== text) })} />
        )),
      )}
      <Popover opened={open} onChange={setOpen} position="bottom-start" width={280} trapFocus shadow="md">
        <Popover.Target>
          <Button size="compact-sm" variant="subtle" color="gray" leftSection={<PlusIcon size={13} />} aria-label="Add a filter to B" onClick={() => setOpen(!open)}>
            filter
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <FilterBuilder onAdd={add} />
        </Popover.Dropdown>
      </Popover>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={() => ask(NOTHING)}>
        Stop comparing
      </Button>
    </div>
  );
}

function periodText(from: string | null, to: string | null, timezone: string): string {
  return from && to ? span(from, to, timezone) : "another period";
}

function Chip({ kind, text, onDrop }: { readonly kind: string; readonly text: string; readonly onDrop: () => void }) {
  return (
    <span className={classes.chip}>
      <span className={classes.kind}>{kind}</span> {text}
      <UnstyledButton aria-label={`Take ${text} away from B`} onClick={onDrop}>
        <CloseIcon size={13} />
      </UnstyledButton>
    </span>
  );
}
