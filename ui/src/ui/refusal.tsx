/** What was refused, and what to do, beside the thing that was asked. */

import classes from "./refusal.module.css";

export function Refusal({ error }: { readonly error: Error & { readonly hint?: string; readonly code?: string } }) {
  return (
    <p className={classes.refusal} role="alert">
      {error.message} {error.hint} <span className={classes.code}>{error.code}</span>
    </p>
  );
}
