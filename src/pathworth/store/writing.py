"""Who writes into a workspace: one at a time, with what waits brought in, under the number of the next change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial

from pathworth.store.commits import Places, alone, current_id
from pathworth.store.contracts import ImportResult, Snapshot
from pathworth.store.files import WriterLock
from pathworth.store.records.data.arrivals import next_seq
from pathworth.store.records.data.imports import next_number
from pathworth.store.records.database import Database
from pathworth.store.shards.snapshots import read_manifest
from pathworth.store.tail.drain import Alone, DrainPlan, Least, drain
from pathworth.store.undo.journal import writing


class Writing:
    """The door of all who write.

    Parameters
    ----------
    places, database
        Of the workspace.
    settings
        Its zone and its currency.
    everybody
        Returns the snapshot with nobody hidden and what came in last.
    """

    def __init__(
        self,
        places: Places,
        database: Database,
        *,
        settings: tuple[str, str],
        everybody: Callable[[], Snapshot],
    ) -> None:
        self._places, self._database = places, database
        self._settings, self._everybody = settings, everybody

    def alone(self) -> AbstractContextManager[WriterLock]:
        """Be the one writer; what an earlier one left half done is carried on or taken back first.

        Raises
        ------
        StoreTrouble
            ``WORKSPACE_BUSY``.
        """
        return writing(self._places, database=self._database)

    @contextmanager
    def numbered(self) -> Iterator[int]:
        """Be the one writer, and say the number of the next change; raises as ``alone`` does."""
        with self.alone():
            yield self.following()[0]

    @contextmanager
    def drained(self, author: str | None) -> Iterator[int]:
        """Be the one writer with no event left to wait, and say the number of the next change; raises as ``alone``."""
        # Most of what waits comes in while others go on numbering.
        self.drain(author)
        with self.alone():
            self.bring_in(author)
            yield self.following()[0]

    def drain(self, author: str | None) -> ImportResult | None:
        """Bring the waiting events into the lake beside whoever numbers; null when none waits."""
        with self.alone() as lock:
            lock.let_others_beside()
            return self.bring_in(author, alone=partial(alone, self._places))

    def bring_in(
        self, author: str | None, *, least: Least = "new", alone: Alone = nullcontext
    ) -> ImportResult | None:
        """Bring the waiting events into the lake; the caller is the one writer. See ``tail.drain``."""
        told = (*self._settings, author, self._everybody, least, alone)
        plan = DrainPlan(lambda: self.following()[0], *told)
        return drain(self._places, plan, database=self._database)

    def following(self) -> tuple[int, int]:
        """Return the numbers of the next change, and of the next event; the caller is the one writer."""
        name = current_id(self._places)
        held = 0 if name is None else read_manifest(self._places.snapshot(name)).in_lake
        with self._database.session() as session:
            number = max(next_number(session), int(name or 0) + 1)
            self._places.rejects(number).unlink(missing_ok=True)  # of one that never came true
            return number, next_seq(session, held)
