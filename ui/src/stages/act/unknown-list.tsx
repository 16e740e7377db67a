/** Messages of unknown fate: shown, never tried again blind; a person decides. */

import { Button } from "@mantine/core";
import { useSettle, useUnknown } from "@/api/act-queries.ts";
import { moment } from "@/lib/format.ts";
import { Refusal } from "@/ui/refusal.tsx";
import classes from "./act.module.css";

export function UnknownList({ timezone }: { readonly timezone: string }) {
  const unknown = useUnknown();
  const settle = useSettle();
  const rows = unknown.data ?? [];
  if (rows.length === 0) return null;
  return (
    <section className={`${classes.section} ${classes.unknown}`} aria-label="Messages of unknown fate">
      <h2 className={classes.small}>
        {rows.length === 1 ? "One message" : `${rows.length} messages`} may or may not have arrived
      </h2>
      <p className={classes.soft}>The answer of the mail server was lost, so nothing was tried again. Ask its log, then decide.</p>
      <ul className={classes.feed}>
        {rows.map((row) => (
          <li key={row.id}>
            <span aria-hidden="true">?</span>
            <div>
              <p>
                {row.program_name} to {row.entity} {row.address && `(${row.address})`}
              </p>
              <p className={classes.soft}>
                {moment(row.decided, timezone)}. {row.answer}
              </p>
            </div>
            <div className={classes.acts}>
              <Button size="compact-sm" variant="default" loading={settle.isPending} onClick={() => settle.mutate({ id: row.id, again: false })}>
                Leave it
              </Button>
              <Button size="compact-sm" variant="light" loading={settle.isPending} onClick={() => settle.mutate({ id: row.id, again: true })}>
                Send again
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {settle.error && <Refusal error={settle.error} />}
    </section>
  );
}
