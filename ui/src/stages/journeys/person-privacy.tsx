/** What a person may ask for, done for them: a file of all that is known, and to be erased. */

import { Button } from "@mantine/core";
import { useState } from "react";
import { useMay } from "@/api/login-queries.ts";
import { accessAddress } from "@/api/privacy-queries.ts";
import type { SubjectHead } from "@/api/types.ts";
import { EraseDialog } from "@/stages/journeys/erase-dialog.tsx";
import classes from "./person-privacy.module.css";

export function PersonPrivacy({ head }: { readonly head: SubjectHead }) {
  const may = useMay("admin");
  const [asking, ask] = useState(false);
  if (!may || head.subject.kind !== "person") return null;
  return (
    <div className={classes.verbs}>
      <Button component="a" href={accessAddress(head.subject.id)} download="person.zip" size="compact-sm" variant="default">
        Export
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => ask(true)}>
        Erase…
      </Button>
      {asking && <EraseDialog head={head} onClose={() => ask(false)} />}
    </div>
  );
}
