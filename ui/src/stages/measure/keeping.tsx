/** Keeps a map as its next revision, says so, and takes it back when asked. */

import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { get } from "@/api/client.ts";
import { useMe } from "@/api/login-queries.ts";
import { useKeepMap } from "@/api/measure-queries.ts";
import type { MapDocument, SavedMap } from "@/api/types.ts";
import { ErrorState } from "@/ui/states.tsx";
import { ApiError } from "@/api/client.ts";
import classes from "./keeping.module.css";

interface KeepingProps {
  readonly document: MapDocument;
  readonly onto: number;
  readonly verb: string;
  readonly disabled?: boolean;
  readonly onClose: () => void;
}

export function Keeping({ document, onto, verb, disabled = false, onClose }: KeepingProps) {
  const me = useMe().data?.name ?? null;
  const [author, setAuthor] = useState("");
  const [before, setBefore] = useState<MapDocument | null>(null);
  const [kept, setKept] = useState<SavedMap | null>(null);
  const [undone, setUndone] = useState(false);
  const keep = useKeepMap();
  const save = async () => {
    setBefore(await get<MapDocument>("/api/atlas/map", new URLSearchParams({ map: document.name })));
    setKept(await keep.mutateAsync({ document, onto, author: me ?? author.trim() }));
  };
  const undo = async () => {
    if (!before || !kept) return;
    await keep.mutateAsync({ document: before, onto: kept.revision, author: me ?? author.trim() });
    setUndone(true);
  };
  const failed = keep.error instanceof ApiError ? keep.error : null;
  if (kept && !failed)
    return (
      <div className={classes.done} role="status">
        <p>{undone ? "Taken back: the map is as it was." : `Kept as revision ${kept.revision} of ${kept.document.name}, by ${kept.author}.`}</p>
        <div className={classes.acts}>
          {!undone && (
            <Button size="xs" variant="default" loading={keep.isPending} onClick={() => void undo().catch(() => null)}>
              Undo
            </Button>
          )}
          <Button size="xs" onClick={onClose}>
            Done
          </Button>
        </div>
      </div>
    );
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        void save().catch(() => null);
      }}
    >
      {failed && <ErrorState message={failed.message} hint={failed.hint} code={failed.code} />}
      {me === null && <TextInput size="xs" label="Who says so" description="Stands beside the revision." placeholder="Your name" value={author} onChange={(event) => setAuthor(event.currentTarget.value)} required maxLength={100} />}
      <Button type="submit" size="xs" disabled={disabled || (me === null && author.trim() === "")} loading={keep.isPending}>
        {verb}
      </Button>
    </form>
  );
}
