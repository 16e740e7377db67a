"""Whether a server can do its work now: take events in, keep them, and answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

from pathworth import store
from pathworth.run.workspace import Workspace

Found = TypeVar("Found")
MOST_BATCHES = 20_000
"""So many batches do not wait while somebody numbers: an import of minutes lets fewer come together."""
MOST_WAITING = 100_000
"""So many batches wait at most, while an import is written for instance; whoever sends more is to come again."""
FRESH_S = 1.0
"""So long an answer stands: whoever may ask without a login must not keep the disk busy."""


@dataclass(frozen=True)
class Readiness:
    """Whether a server is ready.

    Parameters
    ----------
    why_not
        In words that name nobody's data; null when it is ready.
    batches
        How many wait to be numbered.
    """

    why_not: str | None
    batches: int = 0


@dataclass
class Watch(Generic[Found]):
    """Looks at something at most once a second, however often it is asked.

    Parameters
    ----------
    see
        Looks now.
    clock
        Seconds that only go forward.
    """

    see: Callable[[], Found]
    clock: Callable[[], float] = time.monotonic
    _last: tuple[float, Found] | None = None
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def known(self) -> Found | None:
        """Return what was seen within the second; null when that is longer ago."""
        last = self._last
        return None if last is None or self.clock() - last[0] >= FRESH_S else last[1]

    def look(self) -> Found:
        """Return what is seen."""
        with self._turn:
            found = self.known()
            if found is None:
                found = self.see()
                self._last = (self.clock(), found)
            return found


def behind(workspace: Workspace) -> bool:
    """Say whether so many batches wait to be numbered that no more are to be taken in."""
    return store.Inbox(workspace.store).count()[1] > MOST_WAITING


def readiness(workspace: Workspace) -> Readiness:
    """Look at the database, the disk, the newest snapshot and what waits, and say the first that is wrong."""
    opened = workspace.store
    for what, look in (
        ("The database cannot be written", partial(store.prove_database, opened)),
        ("The newest snapshot cannot be opened", opened.whole_snapshot),
    ):
        try:
            look()
        except Exception as trouble:  # noqa: BLE001  # whatever it is, the server is not ready
            code = getattr(trouble, "code", type(trouble).__name__)
            return Readiness(f"{what} ({code}).")
    room = store.check_free_room(opened.path)
    if room.state == "broken":
        return Readiness(f"The disk has too little room: {room.says}")
    batches = store.Inbox(opened).count()[1]
    late = batches > MOST_BATCHES
    return Readiness("Numbering does not get on with them." if late else None, batches)
