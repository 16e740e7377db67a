/** Asks for the picture and shows what stands there meanwhile: loading, empty, refused. */

import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Fragment, type ReactNode } from "react";
import { ApiError } from "@/api/client.ts";
import { useAddress } from "@/api/address.ts";
import { usePicture, useWorkspace } from "@/api/queries.ts";
import type { Picture, Workspace } from "@/api/types.ts";
import { NoEvents } from "@/app/no-events.tsx";
import { EmptyState, ErrorState, LoadingState } from "@/ui/states.tsx";

interface WithPictureProps {
  readonly children: (picture: Picture, workspace: Workspace, stale: boolean) => ReactNode;
}

export function WithPicture({ children }: WithPictureProps) {
  const { selection } = useAddress();
  const workspace = useWorkspace();
  const picture = usePicture(selection);
  const client = useQueryClient();
  if (workspace.isError) return <Refused error={workspace.error} retry={() => void workspace.refetch()} />;
  if (workspace.isPending) return <LoadingState what="Opening the workspace" />;
  if (workspace.data.events === 0) return <NoEvents then="A map is drawn from them at once." />;
  if (picture.isError) return <Refused error={picture.error} retry={() => void picture.refetch()} />;
  if (picture.fetchStatus === "idle" && picture.isPending)
    return (
      <EmptyState
        title="Stopped"
        text="The figures were not worked out."
        action={
          <Button size="xs" onClick={() => void picture.refetch()}>
            Work them out
          </Button>
        }
      />
    );
  if (picture.isPending)
    return <LoadingState what="Working out the paths and their prices" onCancel={() => void client.cancelQueries({ queryKey: ["picture"] })} />;
  if (picture.data.document.steps.length === 0)
    return <EmptyState title="The map has no steps" text="Let the data propose a map; you can edit it afterwards." command="pathworth map discover" />;
  return <Fragment>{children(picture.data, workspace.data, picture.isPlaceholderData)}</Fragment>;
}

function Refused({ error, retry }: { readonly error: Error; readonly retry: () => void }) {
  const { selection, select } = useAddress();
  const refused = error instanceof ApiError ? error : null;
  const chosen = selection.where.length + selection.who.length > 0 || selection.from !== null || selection.persona !== null || selection.map !== null;
  return (
    <ErrorState
      message={error.message}
      hint={refused?.hint ?? "Try again."}
      code={refused?.code ?? "UNKNOWN"}
      onRetry={retry}
      action={
        chosen && (
          <Button size="xs" onClick={() => select({ map: null, persona: null, from: null, to: null, where: [], who: [] })}>
            Clear the selection
          </Button>
        )
      }
    />
  );
}
