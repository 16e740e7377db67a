/** Asks before a person is erased, says what will happen, and wants the id typed: nothing brings them back. */

import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useLocation } from "wouter";
import { useErase } from "@/api/privacy-queries.ts";
import type { SubjectHead } from "@/api/types.ts";
import { count } from "@/lib/format.ts";
import { Dialog } from "@/ui/dialog.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import classes from "./person-privacy.module.css";

export function EraseDialog({ head, onClose }: { readonly head: SubjectHead; readonly onClose: () => void }) {
  const [, go] = useLocation();
  const [because, setBecause] = useState("");
  const [typed, setTyped] = useState("");
  const erase = useErase(() => go("/people"));
  const { id } = head.subject;
  const ids = head.ids.length > 1 ? `, under ${count(head.ids.length)} ids,` : "";
  const events = head.events + head.waiting;
  const ready = because.trim() !== "" && typed === id;
  return (
    <Dialog title="Erase this person?" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) erase.mutate({ person: id, because });
        }}
      >
        <p className={classes.line}>
          <b className={classes.name}>{id}</b>
          {ids} and {count(events)} {events === 1 ? "event" : "events"} go. Nothing brings them back.
        </p>
        <ul className={classes.list}>
          <li>At once: every number is counted without them, and lists, search, timelines and programs no longer know them.</li>
          <li>Tonight: the files are written anew and searched, and a certificate says what was found.</li>
          <li>From now on: what is handed in of these ids is refused.</li>
          <li>Backups made before keep them until they are thrown away.</li>
        </ul>
        <div className={classes.fields}>
          <TextInput size="xs" label="Why" description="Kept in the certificate: write no name here." required autoComplete="off" maxLength={2000} value={because} onChange={(event) => setBecause(event.currentTarget.value)} data-autofocus />
          <TextInput size="xs" label={`Type ${id}`} required autoComplete="off" value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        </div>
        {erase.isError && <Refusal error={erase.error} />}
        <div className={classes.bar}>
          <Button size="xs" type="submit" loading={erase.isPending} disabled={!ready}>
            Erase for good
          </Button>
          <Button size="xs" variant="default" disabled={erase.isPending} onClick={onClose}>
            Keep
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
