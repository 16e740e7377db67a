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
from pathworth.run.serving.changes import Changes
from pathworth.run.serving.process import take_turns
from pathworth.run.serving.tallies import Counting, tally_of
from pathworth.run.workspace import Workspace

_log = logging.getLogger("pathworth.arrivals")
_turns: dict[str, threading.Lock] = defaultdict(threading.Lock)
NOTED_S = 10.0
"""So often it is noted that nobody listened."""
DRAIN_S = 30.0
"""So long at most a numbered event waits for the lake."""


@dataclass(frozen=True)
class Listener:
    """Who hears of new events.

    Parameters
    ----------
    hear
        Takes them in, in the order of their numbers.
    listens
        Whether anything would come of it now; events that come while nothing would are not told later.
    rest
        Told when nothing would, so that it lets go of what it will not be told to keep up.
    """

    hear: Callable[[store.Workspace, Sequence[store.ArrivedEvent]], object]
    listens: Callable[[store.Workspace], bool] = lambda _: True
    rest: Callable[[store.Workspace], object] = lambda _: None


LISTENERS: dict[str, Listener] = {"act": Listener(act.hear, act.listens, act.rest)}
"""By the name under which it is kept how far each has heard."""


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
        Whether the batch is safe but not numbered yet; the counts are then 0.
    """

    accepted: int
    duplicates: int
    rejected: int
    seq: int | None
    waits: bool = False


WAITS = Arrived(0, 0, 0, None, waits=True)
"""A batch that is safe and not numbered yet."""


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


def receive(
    workspace: Workspace,
    body: bytes,
    *,
    protocol: str = "plain",
    about: collect.About | None = None,
    key: str = "",
) -> int:
    """Keep a batch of events; it is safe on the disk when this returns its number.

    What it says is read when it is numbered, a moment later; what of it cannot be read is set aside then.

    Parameters
    ----------
    workspace
        Where it goes.
    body
        The bytes as they came.
    protocol
        In which form its sender speaks, see ``collect.PROTOCOLS``.
    about
        What else is known of the request.
    key
        Name of the key that it came with.

    Raises
    ------
    StoreTrouble
        ``DISK_FULL``; nothing was kept.
    """
    return receive_all(workspace, [batch_of(body, protocol=protocol, about=about, key=key)])


def batch_of(
    body: bytes, *, protocol: str, about: collect.About | None, key: str
) -> store.HandedIn:
    """Return a batch as it will be kept; parameters as of ``receive``."""
    said = "" if about is None else collect.about_text(about)
    came = 0 if about is None else about.received_us
    return store.HandedIn(body, protocol, said, key, came)


def receive_all(workspace: Workspace, batches: Sequence[store.HandedIn]) -> int:
    """Keep batches as ``receive`` does, in one go; return the number of the last of them.

    Raises
    ------
    StoreTrouble
        ``DISK_FULL``; nothing was kept.
    """
    return store.Inbox(workspace.store).append(*batches)


def hand_in(workspace: Workspace, body: bytes, *, key: str = "") -> int:
    """Keep a batch of the plain route; it is safe on the disk when this returns its number.

    Parameters
    ----------
    workspace
        Where it goes.
    body
        The plain route's JSON, see ``collect.arrivals.plain``.
    key
        Name of the key that it came with.

    Raises
    ------
    BadInput
        ``BAD_BATCH_BODY``, ``BATCH_TOO_LARGE``; nothing was kept.
    StoreTrouble
        ``DISK_FULL``; nothing was kept.
    """
    collect.check_body(body)
    return receive(workspace, body, key=key)


def arrive(workspace: Workspace, body: bytes | str, *, key: str = "") -> Arrived:
    """Take a batch of events in: as ``hand_in``, then numbered and told to those who listen."""
    batch = hand_in(workspace, body.encode() if isinstance(body, str) else body, key=key)
    number(workspace)
    tell(workspace)
    found = store.Inbox(workspace.store).outcome(batch)
    if found is None:
        return WAITS
    return Arrived(found.accepted, found.duplicates, found.rejected, found.seq)


def number(workspace: Workspace) -> int:
    """Give numbers to the batches that wait; return how many events are new."""
    read = partial(collect.read_batches, timezone=workspace.store.timezone)
    if not store.Inbox(workspace.store).count()[1]:
        return 0
    # Within this process whoever comes second waits here, and then finds that its batch is numbered.
    with _turns[f"number {workspace.store.path.resolve()}"]:
        tally, counting = tally_of(workspace.store), Counting(read)
        try:
            new = store.Inbox(workspace.store).number(counting)
        except StoreTrouble as trouble:
            # The batches are safe; whatever is wrong with the disk must not make their senders send them again.
            _log.warning("Batches could not be numbered: %s", trouble)
            return 0
        tally.add(counting, new)
        return new


def tell(workspace: Workspace) -> int:
    """Tell everybody who listens what they have not heard; one who cannot hear is told again later.

    Returns
    -------
    How many events somebody heard of.
    """
    inbox, told = store.Inbox(workspace.store), 0
    with _turns[f"tell {workspace.store.path.resolve()}"]:
        for name, listener in LISTENERS.items():
            try:
                # Asked before: what comes while a program is being started is not passed over.
                newest = inbox.newest()
                if not listener.listens(workspace.store):
                    listener.rest(workspace.store)
                    inbox.heard(name, newest)
                    continue
                for events in inbox.unheard(name):
                    listener.hear(workspace.store, events)
                    inbox.heard(name, events[-1].seq)
                    told += len(events)
            except Exception as trouble:  # noqa: BLE001  # an arrival never fails because somebody cannot hear
                _log.exception("%s could not hear of new events.", name)
                said = str(trouble) if isinstance(trouble, PathworthError) else repr(trouble)
                inbox.failed(name, said)
    return told


def rebuild(workspace: Workspace, *, author: str | None = None) -> Rebuilt:
    """Write the shards anew with every event that came since, beside whoever reads.

    Raises
    ------
    StoreTrouble
        ``WORKSPACE_BUSY`` while an import or another rebuild is being written, ``DISK_FULL``; nothing is lost.
    """
    before = workspace.store.in_shards
    number(workspace)
    tell(workspace)
    workspace.store.compact(author=author)
    workspace.store.whole_snapshot(at_once=True)
    held = workspace.store.snapshot()
    added = workspace.store.in_shards - before
    return Rebuilt(added, held.events, held.entities, AsOf(held.id, held.seq))


class Numbering:
    """Gives numbers whenever something may have been handed in."""

    def __init__(self) -> None:
        self._changes = Changes()

    def work(self, workspace: Workspace) -> str:
        """Give numbers to what waits."""
        new = number(workspace) if self._changes.any(workspace) else 0
        take_turns(found=new)
        return f"{new:,} events numbered."


class Telling:
    """Tells those who listen whenever there is something new, or somebody could not hear.

    While nobody listens it is noted now and then that nothing was missed, since every note is a commit.
    """

    def __init__(self) -> None:
        self._told, self._noted_s = -1, float("-inf")
        self._changes = Changes()

    def work(self, workspace: Workspace) -> str:
        """Tell, and remember up to where."""
        if not self._changes.any(workspace):
            return "0 events heard."
        inbox = store.Inbox(workspace.store)
        newest, told = inbox.newest(), 0
        if newest != self._told and self._worth_it(workspace):
            told, self._noted_s = tell(workspace), time.monotonic()
            self._told = -1 if inbox.notes() else newest
        return f"{told:,} events heard."

    def _worth_it(self, workspace: Workspace) -> bool:
        late = time.monotonic() - self._noted_s >= NOTED_S
        return late or any(one.listens(workspace.store) for one in LISTENERS.values())


class Draining:
    """Lets events enter the lake once there are many, or once the first of them has waited."""

    def __init__(self) -> None:
        self._last_s = time.monotonic()

    def ready(self, workspace: Workspace) -> bool:
        """Return whether it is time."""
        waits = store.Inbox(workspace.store).count()[0]
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
