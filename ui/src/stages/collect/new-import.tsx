/** A new file: dropped or chosen, sent, looked at, and imported in the background. */

import { Button, Progress } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type DragEvent, useRef, useState } from "react";
import { sendFile, useDataChange, useRunning } from "@/api/collect-queries.ts";
import type { RunningImport, Upload } from "@/api/types.ts";
import { percent } from "@/lib/format.ts";
import { LookAt } from "@/stages/collect/look-at.tsx";
import { RunningNow } from "@/stages/collect/running-now.tsx";
import { Section } from "@/stages/settings/section.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import classes from "./collect.module.css";

const ENDINGS = ".csv,.tsv,.txt,.json,.jsonl,.ndjson,.parquet,.gz,.zst,.zip,.xes,.jsonocel,.sqlite,.db";

export function NewImport() {
  const running = useRunning().data?.[0];
  const [upload, setUpload] = useState<Upload | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  const busy = running?.state === "running";
  const client = useQueryClient();
  const drop = useDataChange();
  const begun = (now: RunningImport) => {
    client.setQueryData(["running"], [now]);
    setShown(now.upload);
  };
  const forget = () => {
    if (upload) drop.mutate({ method: "DELETE", path: `/uploads/${upload.id}` });
    setUpload(null);
  };
  const told = running && (busy || shown === running.upload);
  return (
    <Section title="Import a file" about="CSV, JSON lines or Parquet, plain or compressed. What its columns mean is guessed and shown before anything is stored.">
      {told && <RunningNow running={running} onClose={() => setShown(null)} onDone={() => setUpload(null)} />}
      {!busy && !upload && <Choose onSent={setUpload} />}
      {!busy && upload && !(told && running.state === "done") && <LookAt upload={upload} onBegun={begun} onForget={forget} />}
    </Section>
  );
}

function Choose({ onSent }: { readonly onSent: (upload: Upload) => void }) {
  const [over, setOver] = useState(false);
  const [share, setShare] = useState<number | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const stop = useRef<AbortController | null>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    stop.current = new AbortController();
    setError(null);
    setShare(0);
    try {
      onSent(await sendFile(file, setShare, stop.current.signal));
    } catch (trouble) {
      if (!(trouble instanceof DOMException)) setError(trouble instanceof Error ? trouble : new Error(String(trouble)));
    } finally {
      setShare(null);
    }
  };
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  return (
    <>
      <div
        className={classes.drop}
        data-over={over}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={dropped}
      >
        <input ref={input} type="file" accept={ENDINGS} hidden aria-label="File with events" onChange={(event) => void take(event.currentTarget.files?.[0])} />
        <Button size="xs" disabled={share !== null} onClick={() => input.current?.click()}>
          Choose a file
        </Button>
        {share === null ? (
          <p className={classes.quiet}>or drop it here</p>
        ) : (
          <>
            <Progress value={share * 100} w={220} aria-label="Sending the file" />
            <span>{percent(share)} sent</span>
            <Button size="compact-xs" variant="default" onClick={() => stop.current?.abort()}>
              Cancel
            </Button>
          </>
        )}
      </div>
      {error && (
        <div className={classes.bar}>
          <Refusal error={error} />
        </div>
      )}
    </>
  );
}
