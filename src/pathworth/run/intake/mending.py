"""What could not be read of a batch is mended by a person and handed in again."""

from __future__ import annotations

from pathworth import collect, store
from pathworth.base.errors import UnknownName
from pathworth.run.intake.arrivals import Arrived, number, tell
from pathworth.run.workspace import Workspace


def mend(workspace: Workspace, refused: int, *, text: str | None = None) -> Arrived:
    """Hand in again what could not be read, and let go of it once it is safe as an event.

    Parameters
    ----------
    workspace
        Where it was set aside.
    refused
        Its number.
    text
        What it shall say; null for what it said, where another version of the code may read it by now.

    Raises
    ------
    UnknownName
        ``UNKNOWN_QUARANTINED``.
    BadInput
        The code under which it is refused again; it then stays where it is.
    """
    inbox = store.Inbox(workspace.store)
    held = inbox.set_aside(refused)
    if held is None:
        raise UnknownName(
            "UNKNOWN_QUARANTINED",
            f"Nothing with the number {refused} is set aside.",
            "GET /api/collect/quarantine lists what is.",
        )
    said = held.raw if text is None else text
    batch = inbox.append(collect.mended(held, said, timezone=workspace.store.timezone))
    # Only now: killed in between it is handed in twice, which counts once.
    inbox.settle(refused)
    number(workspace)
    tell(workspace)
    found = inbox.outcome(batch)
    if found is None:
        return Arrived(0, 0, 0, None, waits=True)
    return Arrived(found.accepted, found.duplicates, found.rejected, found.seq)
