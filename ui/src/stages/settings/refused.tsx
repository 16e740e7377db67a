/** Why something was refused, and what to do, beside the form that asked for it. */

import { ApiError } from "@/api/client.ts";
import classes from "./parts.module.css";

export function Refused({ error }: { readonly error: Error | null }) {
  if (!error) return null;
  return (
    <p className={classes.refused} role="alert">
      {error.message} {error instanceof ApiError && error.hint}
    </p>
  );
}
