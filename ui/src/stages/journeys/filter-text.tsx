/** A filter as text: the predicate language, with a mistake shown at its character. */

import { Button, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useAddress } from "@/api/address.ts";
import { checkFilter } from "@/api/queries.ts";
import type { FilterMistake } from "@/api/types.ts";
import { around } from "@/lib/predicate.ts";
import type { Keeps } from "@/stages/journeys/filter-builder.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import { Warnings } from "@/ui/warnings.tsx";
import classes from "./filter-text.module.css";

interface FilterTextProps {
  readonly keeps: Keeps;
  readonly onAdd: (predicate: string) => void;
}

const EXAMPLES: Record<Keeps, string> = {
  who: "did('purchase', at_least=2) and in_segment('regulars')",
  where: "channel = 'ads' and value > 0",
};

export function FilterText({ keeps, onAdd }: FilterTextProps) {
  const { selection } = useAddress();
  const [text, setText] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  const [seen, see] = useState("");
  const told = seen === text;
  const check = useMutation({
    mutationFn: () => checkFilter(text, keeps, selection.map),
    onSuccess: ({ mistake, warnings }) => {
      // Who was told once may add it all the same: by the second press.
      if (mistake === null && (warnings.length === 0 || told)) onAdd(text.trim());
      else if (mistake?.at != null) mark(field.current, mistake.at);
      see(text);
    },
  });
  const mistake = check.data?.text === text ? check.data.mistake : null;
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        check.mutate();
      }}
    >
      <Textarea
        ref={field}
        label={keeps === "who" ? "Whom it keeps" : "Which events it keeps"}
        placeholder={EXAMPLES[keeps]}
        size="xs"
        autosize
        minRows={3}
        maxRows={10}
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: classes.input }}
        aria-invalid={mistake !== null}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {check.data?.text === text && <Warnings of={check.data.warnings} />}
      {mistake && <Wrong text={text} mistake={mistake} />}
      {check.isError && <Refusal error={check.error} />}
      <Button type="submit" size="xs" loading={check.isPending} disabled={text.trim() === ""}>
        {told && check.data?.text === text && check.data.warnings.length > 0 ? "Add it all the same" : "Add the filter"}
      </Button>
    </form>
  );
}

/** The text around the character that is wrong, which is marked, and what to do. */
function Wrong({ text, mistake }: { readonly text: string; readonly mistake: FilterMistake }) {
  const [before, wrong, after] = around(text, mistake.at ?? text.length);
  return (
    <div role="alert" className={classes.wrong}>
      {mistake.at !== null && (
        <code className={classes.shown}>
          {before}
          <mark>{wrong}</mark>
          {after}
        </code>
      )}
      <p>
        {mistake.message} <b>{mistake.hint}</b>
      </p>
    </div>
  );
}

function mark(field: HTMLTextAreaElement | null, at: number): void {
  field?.focus();
  field?.setSelectionRange(at, at + 1);
}
