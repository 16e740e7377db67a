/** What the author of a rule should know of the columns that it reads; nothing is kept from them. */

import classes from "./warnings.module.css";

export function Warnings({ of }: { readonly of: readonly string[] }) {
  if (of.length === 0) return null;
  return (
    <ul className={classes.list} role="status" aria-label="Warnings" data-part="warnings">
      {of.map((one) => (
        <li key={one}>{one}</li>
      ))}
    </ul>
  );
}
