"""Events that were handed in: kept, numbered, told to those who listen, and brought into the journeys."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from pathworth import act, collect, store
from pathworth.base.errors import PathworthError, StoreTrouble
from pathworth.journeys import AsOf
from pathworth.run.workspace import Workspace

_log = logging.getLogger("pathworth.arrivals")
_turns: dict[str, threading.Lock] = defaultdict(threading.Lock)
Listener = Callable[[store.Workspace, Sequence[store.ArrivedEvent]], object]
DRAIN_S = 30.0
"""So long at most a numbered event waits for the lake."""
LISTENERS: dict[str, Listener] = {"act": act.hear}
"""Who hears of new events, by the name under which it is kept how far each has heard."""


@dataclass(frozen=True)
class Arrived:
    """What became of a batch.

    Parameters
    ----------
    accepted, duplicates, rejected
        New events, events that were there already, and what could not be read.
    seq
        Number of the last new event; null when nothing was new or the batch still waits.
    waits
        Whether the batch is safe but not numbered yet, since an import is being written; the counts are then 0.
    """

    accepted: int
    duplicates: int
    rejected: int
    seq: int | None
    waits: bool = False


@dataclass(frozen=True)
class Waiting:
    """What no answer counts yet.

    Parameters
    ----------
    events
        Events that are numbered and come in with the next rebuild, since the journeys cannot hold them as they are.
    stuck
        The property that the first of them says something new about; null when none waits.
    batches
        Batches that wait to be numbered.
    quarantined
        Parts of batches that could not be read.
    notes
        Why somebody who listens could not hear; told again with the next event.
    """

    events: int
    batches: int
    quarantined: int
    notes: dict[str, str]
    stuck: str | None = None


@dataclass(frozen=True)
class Rebuilt:
    """How many events a rebuild brought into the shards, and what the journeys hold now."""

    added: int
    events: int
    entities: int
    as_of: AsOf


def arrive(workspace: Workspace, body: bytes | str, *, key: str = "") -> Arrived:
    """Take a batch of events in: it is safe on the disk, numbered, and told to those who listen.

    Parameters
    ----------
    workspace
        Where they go.
    body
        The plain route's JSON, see ``collect.read_events``.
    key
        Name of the key that it came with.

    Raises
    ------
    BadInput
        ``BAD_BATCH_BODY``, ``BATCH_TOO_LARGE``; nothing was kept.
    StoreTrouble
        ``DISK_FULL``; nothing was kept.
    """
    data = body.encode() if isinstance(body, str) else body
    collect.check_body(data)
    inbox = store.Inbox(workspace.store)
    batch = inbox.append(data, key)
    number(workspace)
    found = inbox.outcome(batch)
    if found is None:
        return Arrived(0, 0, 0, None, waits=True)
    return Arrived(found.accepted, found.duplicates, found.rejected, found.seq)


def number(workspace: Workspace) -> int:
    """Give numbers to the batches that wait, and tell those who listen; return how many events are new."""
    read = partial(collect.read_events, timezone=workspace.store.timezone)
    # Within this process whoever comes second waits here, and then finds that its batch is numbered.
    with _turns[str(workspace.store.path.resolve())]:
        try:
            new = len(store.Inbox(workspace.store).number(read))
        except StoreTrouble as trouble:
            # The batches are safe; whatever is wrong with the disk must not make their senders send them again.
            _log.warning("Batches could not be numbered: %s", trouble)
            new = 0
        _tell(workspace)
    return new


def _tell(workspace: Workspace) -> None:
    """Tell everybody who listens what they have not heard; one who cannot hear is told again later."""
    inbox = store.Inbox(workspace.store)
    for name, listener in LISTENERS.items():
        try:
            while events := inbox.unheard(name):
                listener(workspace.store, events)
                inbox.heard(name, events[-1].seq)
        except Exception as trouble:  # noqa: BLE001  # an arrival never fails because somebody cannot hear
            _log.exception("%s could not hear of new events.", name)
            said = str(trouble) if isinstance(trouble, PathworthError) else repr(trouble)
            inbox.failed(name, said)


def rebuild(workspace: Workspace, *, author: str | None = None) -> Rebuilt:
    """Write the shards anew with every event that came since, beside whoever reads.

    Raises
    ------
    StoreTrouble
        ``WORKSPACE_BUSY`` while an import or another rebuild is being written, ``DISK_FULL``; nothing is lost.
    """
    before = workspace.store.in_shards
    number(workspace)
    workspace.store.compact(author=author)
    workspace.store.whole_snapshot(at_once=True)
    held = workspace.store.snapshot()
    added = workspace.store.in_shards - before
    return Rebuilt(added, held.events, held.entities, AsOf(held.id, held.seq))


class Draining:
    """Lets events enter the lake once there are many, or once the first of them has waited."""

    def __init__(self) -> None:
        self._last_s = time.monotonic()

    def ready(self, workspace: Workspace) -> bool:
        """Return whether it is time."""
        waits = store.Inbox(workspace.store).span()
        if not waits:
            self._last_s = time.monotonic()
        late = time.monotonic() - self._last_s >= DRAIN_S
        return waits >= store.DRAIN_EVENTS or (waits > 0 and late)

    def work(self, workspace: Workspace) -> str:
        """Let every event that waits enter the lake, and have this process count it."""
        done = store.Inbox(workspace.store).drain(author="as they came")
        self._last_s = time.monotonic()
        workspace.store.whole_snapshot()
        return f"{done.accepted if done else 0:,} events entered the lake."


def waiting(workspace: Workspace) -> Waiting:
    """Say what no answer counts yet."""
    inbox = store.Inbox(workspace.store)
    seq = workspace.store.whole_snapshot(at_once=True).seq
    events, batches = inbox.count(after=seq)
    stuck = workspace.store.stuck
    return Waiting(events, batches, inbox.quarantined_count(), inbox.notes(), stuck)
