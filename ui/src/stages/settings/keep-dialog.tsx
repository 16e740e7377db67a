/** Asks how long a class of data is kept, and says before what would go: it does not come back. */

import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useDeclareKeep, useKeepPreview } from "@/api/privacy-queries.ts";
import type { KeepPreview, KeptClass } from "@/api/types.ts";
import { count } from "@/lib/format.ts";
import { Dialog } from "@/ui/dialog.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import classes from "./parts.module.css";

interface KeepDialogProps {
  readonly of: KeptClass;
  readonly onClose: () => void;
}

export function KeepDialog({ of, onClose }: KeepDialogProps) {
  const [said, say] = useState(of.keep ?? "for ever");
  const [asked] = useDebouncedValue(said.trim(), 300);
  const preview = useKeepPreview(of.name, asked);
  const declare = useDeclareKeep(onClose);
  // Nobody declares what they have not seen the price of.
  const ready = said.trim() !== "" && said.trim() === asked && preview.isSuccess;
  return (
    <Dialog title={`How long is ${of.name} kept?`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) declare.mutate({ name: of.name, keep: asked });
        }}
      >
        <TextInput size="xs" label="Kept" description={words(of)} required autoComplete="off" maxLength={40} value={said} onChange={(event) => say(event.currentTarget.value)} data-autofocus />
        <div role="status">
          {preview.isFetching && <p className={classes.said}>Counting what would go…</p>}
          {preview.data && !preview.isFetching && <WouldGo preview={preview.data} />}
        </div>
        {preview.isError && <Refusal error={preview.error} />}
        {declare.isError && <Refusal error={declare.error} />}
        <div className={classes.form}>
          <Button size="xs" type="submit" loading={declare.isPending} disabled={!ready}>
            Keep for so long
          </Button>
          <Button size="xs" variant="default" disabled={declare.isPending} onClick={onClose}>
            Change nothing
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function words(of: KeptClass): string {
  return of.name.includes(":") ? "Such as 400d; for ever; as others." : "Such as 400d; for ever.";
}

function WouldGo({ preview }: { readonly preview: KeepPreview }) {
  if (preview.rows === 0) return <p className={classes.said}>Nothing would go by now.</p>;
  return (
    <>
      <p className={classes.said}>With all limits together, {count(preview.rows)} rows go with the batch of the next night. That is final: no undo and no file that is imported again brings them back.</p>
      <ul>
        {preview.classes.map((one) => (
          <li key={one.name}>
            {count(one.rows)} of {one.name}, {days(one.days)}
          </li>
        ))}
      </ul>
    </>
  );
}

function days(of: KeepPreview["classes"][number]["days"]): string {
  const [first, last] = [of[0]?.day ?? "", of.at(-1)?.day ?? ""];
  return first === last ? `of ${first}` : `of ${count(of.length)} days from ${first} to ${last}`;
}
