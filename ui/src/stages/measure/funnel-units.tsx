/** Chooses what a funnel counts: where the steps of an attempt must lie, and whether every attempt counts. */

import { Select } from "@mantine/core";
import { useState } from "react";
import { useExplore } from "@/api/explore.ts";
import { useColumns } from "@/api/queries.ts";
import type { Choices } from "@/api/types.ts";
import { countedOf, type Inside } from "@/stages/measure/funnel-counted.ts";
import { TimeSelect } from "@/stages/measure/time-select.tsx";
import { worded } from "@/ui/worded.tsx";
import classes from "./builder.module.css";

const INSIDE: readonly { readonly value: Inside; readonly label: string }[] = [
  { value: "journey", label: "a journey" },
  { value: "session", label: "a session" },
  { value: "value", label: "a property's value" },
];
const GAPS = ["10m", "30m", "1h", "6h", "1d"];
const PAUSE = "pause";

export function FunnelUnits({ choices }: { readonly choices: Choices }) {
  const { asked, ask } = useExplore();
  const { inside: said, each, property, entity } = countedOf(asked);
  // A property must be named before its values can be counted.
  const [naming, setNaming] = useState(false);
  const inside = naming ? "value" : said;
  const choose = (next: string | null) => {
    setNaming(next === "value");
    ask({ of: next === "session" ? "session" : entity, holding: null });
  };
  return (
    <>
      <div className={classes.pair}>
        <Select size="xs" label="All steps inside" allowDeselect={false} data={[...INSIDE]} value={inside} onChange={choose} />
        <Select
          size="xs"
          label="Counted"
          allowDeselect={false}
          data={[
            { value: "", label: "the best attempt" },
            { value: "occurrences", label: "every attempt" },
          ]}
          value={each ? "occurrences" : ""}
          onChange={(count) => ask({ count })}
        />
      </div>
      {inside === "session" && <Sessions choices={choices} of={asked.of ?? ""} onChange={(of) => ask({ of })} />}
      {inside === "value" && (
        <Property
          value={property || null}
          onChange={(holding) => {
            setNaming(false);
            ask({ holding, of: entity });
          }}
        />
      )}
    </>
  );
}

interface SessionsProps {
  readonly choices: Choices;
  readonly of: string;
  readonly onChange: (of: string) => void;
}

/** When a new session begins: after a pause, or with an event. */
function Sessions({ choices, of, onChange }: SessionsProps) {
  const [, how, what = "30m"] = /^session\((gap|event)=(.*)\)$/su.exec(of) ?? [];
  const event = how === "event" ? what : null;
  const events = choices.events.map((one) => one.value);
  return (
    <div className={classes.pair}>
      <Select
        size="xs"
        label={worded("A session begins")}
        allowDeselect={false}
        searchable
        data={[{ value: PAUSE, label: "after a pause" }, { group: "with the event", items: events.map((name) => ({ value: `with ${name}`, label: name })) }]}
        value={event === null ? PAUSE : `with ${event}`}
        onChange={(chosen) => onChange(chosen === null || chosen === PAUSE ? "session" : `session(event=${chosen.slice("with ".length)})`)}
      />
      {event === null && <TimeSelect label="of more than" times={GAPS} none={null} value={what} onChange={(gap) => onChange(gap === "30m" ? "session" : `session(gap=${gap})`)} />}
    </div>
  );
}

function Property({ value, onChange }: { readonly value: string | null; readonly onChange: (name: string | null) => void }) {
  const columns = useColumns(true);
  const names = (columns.data ?? []).filter(({ name, kind }) => name !== "event" && ["text", "number", "unknown"].includes(kind)).map(({ name, built }) => ({ value: name, label: built ? name : `${name} (read when first asked)` }));
  return (
    <Select
      size="xs"
      label={worded("The property that stays the same")}
      placeholder="such as a cart or a ticket"
      searchable
      allowDeselect={false}
      disabled={columns.isPending}
      error={columns.isError ? columns.error.message : undefined}
      data={names}
      value={value}
      onChange={onChange}
      nothingFoundMessage="No such property"
    />
  );
}
