/** What journeys are cut into: whole ones, or sessions by a pause, by an id, or by an event that begins one. */

import { Select } from "@mantine/core";
import { useState } from "react";
import { useExplore } from "@/api/explore.ts";
import type { Choices } from "@/api/types.ts";
import { entityOf, readUnit, type Unit, writeUnit } from "@/lib/units.ts";
import { TimeSelect } from "@/stages/measure/time-select.tsx";
import { worded } from "@/ui/worded.tsx";

const GAPS = ["10m", "30m", "1h", "6h", "1d"];

const WAYS = { person: "whole journeys", gap: "sessions, by a pause", id: "sessions, by an id", event: "sessions, by an event" } as const;

interface UnitPickerProps {
  readonly choices: Choices;
  readonly label: string;
  readonly ways: readonly Unit["by"][];
}

/** Writes `of` into the address (a pause alone as `gap`, where sessions are the question); what is half said stays here. */
export function UnitPicker({ choices, label, ways }: UnitPickerProps) {
  const { asked, ask } = useExplore();
  const said = readUnit(asked.of);
  const [by, setBy] = useState(said.by);
  const way = ways.includes(by) ? by : (ways[0] ?? "person");
  const always = ways[0] === "gap";
  const say = (next: Unit["by"], what: string) => ask(next === "gap" && always ? { of: entityOf(asked.of), gap: what || null } : { of: writeUnit({ by: next, what }), gap: null });
  const turn = (next: Unit["by"]) => {
    setBy(next);
    say(next, next === "gap" && !always ? "30m" : "");
  };
  const value = said.by === way ? said.what || null : null;
  const gap = (always ? asked.gap : value) ?? "30m";
  return (
    <>
      <Select
        size="xs"
        label={worded(label)}
        allowDeselect={false}
        data={ways.map((one) => ({ value: one, label: WAYS[one] }))}
        value={way}
        onChange={(next) => turn(ways.find((one) => one === next) ?? "person")}
      />
      {way === "gap" && <TimeSelect label="A session ends with a pause of more than" times={GAPS} none={null} value={gap} onChange={(what) => say(way, what)} />}
      {way === "id" && <Select size="xs" label={worded("A session is the events with one")} placeholder="property" searchable data={choices.splits.map((one) => one.name)} value={value} onChange={(what) => say(way, what ?? "")} nothingFoundMessage="No such property" />}
      {way === "event" && <Select size="xs" label={worded("A session begins with each")} placeholder="event" searchable limit={60} data={choices.events.map((one) => one.value)} value={value} onChange={(what) => say(way, what ?? "")} nothingFoundMessage="No such event" />}
    </>
  );
}
