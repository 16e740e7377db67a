/** Where numbers will stand, before the first file is in: the one next step, as a button. */

import { Button } from "@mantine/core";
import { Link } from "wouter";
import { EmptyState } from "@/ui/states.tsx";

export function NoEvents({ then }: { readonly then: string }) {
  return (
    <EmptyState
      title="No events yet"
      text={`Import a file of events: CSV, Parquet or JSON lines. Its columns are found and shown before anything is stored. ${then}`}
      action={
        <Button component={Link} href="/data">
          Import a file
        </Button>
      }
      command="pathworth import FILE"
    />
  );
}
