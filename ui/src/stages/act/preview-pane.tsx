/** The message as one person would get it, and a test to an address of one's own. */

import { Autocomplete, Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { usePreview, useTest } from "@/api/act-queries.ts";
import { useAddress } from "@/api/address.ts";
import { usePeople } from "@/api/queries.ts";
import type { Preview, Program } from "@/api/types.ts";
import { Refusal } from "@/ui/refusal.tsx";
import classes from "./act.module.css";

const PAUSE_MS = 300;
const OFFERED = 8;

export function PreviewPane({ program }: { readonly program: Program }) {
  const [typed, setPerson] = useState<string | null>(null);
  const [address, setAddress] = useState("");
  const { selection } = useAddress();
  const there = usePeople({ kind: "step", step: program.step }, selection).data?.pages[0]?.people.map(({ id }) => id) ?? [];
  // Somebody who was at the step stands in until a person names another.
  const named = typed ?? there[0] ?? "";
  const [person] = useDebouncedValue(named.trim(), PAUSE_MS);
  const [written] = useDebouncedValue(program, PAUSE_MS);
  const preview = usePreview(written, person);
  const test = useTest();
  return (
    <section className={classes.section} aria-label="Preview">
      <h2 className={classes.small}>As a person gets it</h2>
      <Autocomplete label="Person" description="Anybody in the data; those offered were at the step." data={there} limit={OFFERED} value={named} onChange={setPerson} />
      {person === "" && <p className={classes.soft}>Name a person to see the message with their values.</p>}
      {preview.error && <Refusal error={preview.error} />}
      {person !== "" && preview.data && <Shown preview={preview.data} />}
      <div className={classes.acts}>
        <TextInput label="Test to" placeholder="you@company.example" type="email" value={address} onChange={(event) => setAddress(event.currentTarget.value)} />
        <Button variant="default" disabled={person === "" || (program.channel === "email" && address === "")} loading={test.isPending} onClick={() => test.mutate({ program, person, address })}>
          Send a test
        </Button>
      </div>
      {test.error && <Refusal error={test.error} />}
      {test.data && (
        <p role="status">
          {test.data.fate === "delivered" ? "The test has left." : "The test did not leave."} {test.data.answer}
        </p>
      )}
    </section>
  );
}

function Shown({ preview }: { readonly preview: Preview }) {
  if (preview.missing) return <p role="status">▲ Nobody can write it for {preview.entity}: {preview.missing} Such a person gets nothing.</p>;
  return (
    <>
      <div className={classes.paper}>
        <b>{preview.subject}</b>
        {"\n\n"}
        {preview.text}
      </div>
      {preview.html && <iframe title="The message in HTML" sandbox="" srcDoc={preview.html} style={{ width: "100%", height: 260, border: "1px solid var(--line)", borderRadius: 8, marginTop: 10, background: "#fff" }} />}
      <p className={classes.soft}>{preview.address ? `To ${preview.address}.` : "No address is known of this person."}</p>
    </>
  );
}
