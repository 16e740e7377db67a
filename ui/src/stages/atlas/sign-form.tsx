/** Declares a sign: the event that tells of it, or a rule over events, and what people call it. */

import { Autocomplete, Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useColumns } from "@/api/queries.ts";
import type { Sign } from "@/api/types.ts";
import { signRule } from "@/stages/atlas/use-signs.ts";
import classes from "./step-signs.module.css";

interface SignFormProps {
  readonly taken: readonly Sign[];
  readonly pending: boolean;
  readonly onAdd: (sign: Sign) => void;
  readonly onClose: () => void;
}

export function SignForm({ taken, pending, onAdd, onClose }: SignFormProps) {
  const [told, setTold] = useState("");
  const [name, setName] = useState("");
  const events = useColumns(true).data?.find((one) => one.name === "event")?.values ?? [];
  const called = name.trim() || told.trim();
  const twice = taken.some((one) => one.name === called);
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        onAdd({ name: called, rule: signRule(told) });
      }}
    >
      <Autocomplete
        size="xs"
        label="Event or rule"
        description="An event, also one that nothing sends yet, or a rule such as event = 'click' and text = 'See prices'"
        data={events.map((one) => one.value)}
        value={told}
        onChange={setTold}
        required
        data-autofocus
      />
      <TextInput size="xs" label="What it is called" description="The event's name unless said." value={name} onChange={(event) => setName(event.currentTarget.value)} error={twice && "The step has one of this name."} autoComplete="off" />
      <div className={classes.acts}>
        <Button size="xs" type="submit" loading={pending} disabled={!told.trim() || twice}>
          Declare it
        </Button>
        <Button size="xs" variant="default" onClick={onClose}>
          Not now
        </Button>
      </div>
    </form>
  );
}
