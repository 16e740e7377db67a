/** What can be done with the number whose people are listed: kept, held against the kept one, or against one from elsewhere. */

import { Button } from "@mantine/core";
import { Link } from "wouter";
import { keep, type NumberAt, numbersPage, useKept } from "@/api/kept-number.ts";

export function NumberActions({ number }: { readonly number: NumberAt }) {
  const kept = useKept();
  const other = kept && kept.address !== number.address ? kept : null;
  return (
    <>
      {other ? (
        <Button component={Link} href={numbersPage(other, number)} size="xs" variant="light">
          Why is it not “{other.title}”?
        </Button>
      ) : (
        <Button size="xs" variant="default" onClick={() => keep(kept ? null : number)} aria-pressed={kept !== null}>
          {kept ? "Kept: open another number" : "Compare with another number"}
        </Button>
      )}
      <Button component={Link} href={numbersPage(number, null)} size="xs" variant="default">
        Another system says …
      </Button>
    </>
  );
}
