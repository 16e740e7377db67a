/** A new rule: its name, and either a filter over people or a list of ids. */

import { Button, SegmentedControl, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useDataChange } from "@/api/collect-queries.ts";
import type { Exclusion } from "@/api/types.ts";
import parts from "@/stages/settings/parts.module.css";
import { Refusal } from "@/ui/refusal.tsx";

export function ExclusionForm() {
  const [name, setName] = useState("");
  const [by, setBy] = useState("filter");
  const [who, setWho] = useState("");
  const [ids, setIds] = useState("");
  const add = useDataChange<readonly Exclusion[]>(() => {
    setName("");
    setWho("");
    setIds("");
  });
  const filter = by === "filter";
  return (
    <>
      <form
        className={parts.form}
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate({ method: "POST", path: "/exclusions", body: filter ? { name, who } : { name, ids: ids.split("\n") } });
        }}
      >
        <TextInput size="xs" label="What they are" placeholder="employees" required autoComplete="off" value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <SegmentedControl
          size="xs"
          aria-label="How they are told"
          value={by}
          onChange={setBy}
          data={[
            { value: "filter", label: "By a filter" },
            { value: "ids", label: "By their ids" },
          ]}
        />
        {filter ? (
          <TextInput size="xs" w={320} label="Who" placeholder="person like '%@example.com'" required autoComplete="off" value={who} onChange={(event) => setWho(event.currentTarget.value)} />
        ) : (
          <Textarea size="xs" w={320} label="Ids, one a line" required minRows={2} autosize maxRows={8} value={ids} onChange={(event) => setIds(event.currentTarget.value)} />
        )}
        <Button size="xs" type="submit" loading={add.isPending}>
          Leave them out
        </Button>
      </form>
      {add.isError && <Refusal error={add.error} />}
    </>
  );
}
