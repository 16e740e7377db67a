/** An address that no page has. */

import { Button } from "@mantine/core";
import { Link } from "wouter";
import { EmptyState } from "@/ui/states.tsx";

export function NotFound() {
  return (
    <EmptyState
      title="There is no page at this address"
      text="The link may be old. Everything that exists is in the rail, and under Ctrl K."
      action={
        <Button component={Link} href="/map" size="xs">
          Open the map
        </Button>
      }
    />
  );
}
