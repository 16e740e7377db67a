"""The newest snapshot in one process: the shards on disk with the tail of what came since."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.base.errors import StoreTrouble
from pathworth.store.arrays import empty_snapshot
from pathworth.store.commits import Places, current_id
from pathworth.store.contracts import Snapshot
from pathworth.store.erasing.rows import pending
from pathworth.store.erasing.suppressed import ErasedIds, erased_ids
from pathworth.store.identity.now import persons_now
from pathworth.store.identity.spoken import raw_ids
from pathworth.store.records.database import Database
from pathworth.store.shards.further import Maker
from pathworth.store.shards.snapshots import Manifest, open_snapshot, read_manifest
from pathworth.store.tail.batch import Base, Batch
from pathworth.store.tail.room import Room
from pathworth.store.tail.rows import drained, waiting
from pathworth.store.tail.tail import Still, Tail

REFRESH_S = 0.5
"""A snapshot that is younger than this is handed out as it is."""
QUICK_S, SLOWEST = 0.5, 8.0
"""Where making one takes longer than this it may be older in proportion, up to so many times."""
PATIENCE_S = 2.0
"""One that is older by so much more is not: whoever asks then waits for who is making a newer one."""
COMPACT_SHARE = 0.3
"""New shards are due when gathered journeys hold this share of the base's events ..."""
COMPACT_LEAST = 500_000
"""... and at least so many; the night brings the rest."""
_TRIES = 5
"""So often at most the shards change while they are being opened."""


class Live:
    """Hands out snapshots, each at most half a second old when nobody else is making one.

    Where it takes long to make one they are older: to make them takes about half of the time at most.

    Every process has its own tail. All of them read the same numbered events, in the order of their
    numbers, so that the same base and the same last number are the same answers.

    Parameters
    ----------
    places, database
        Where the workspace lies.
    maker
        Returns what makes columns of shards that are asked for and not there.
    timezone, currency
        Of the workspace.
    """

    def __init__(
        self,
        places: Places,
        database: Database,
        *,
        maker: Callable[[Manifest], Maker],
        timezone: str,
        currency: str,
    ) -> None:
        self._places, self._database, self._maker = places, database, maker
        self._timezone, self._currency = timezone, currency
        self._room = Room(places.root)
        self._lock = threading.Lock()
        self._made: tuple[str | None, Tail] | None = None
        self._name: str | None = None
        self._read: Manifest | None = None
        self._asked_s = float("-inf")
        self._took_s = 0.0

    @property
    def stuck(self) -> str | None:
        """Return the property that stops the tail; null while nothing does."""
        return None if self._made is None else self._made[1].stuck

    @property
    def due(self) -> bool:
        """Return whether new shards are worth their while, as far as this process has seen."""
        if self._made is None:
            return False
        tail = self._made[1]
        most = max(COMPACT_SHARE * tail.base.snapshot.events, COMPACT_LEAST)
        return tail.stuck is not None or tail.scratch_events > most

    def still(self) -> tuple[str | None, Still]:
        """Return the base's name, and the newest snapshot with what new shards can be made of."""
        with self._lock:
            home, tail = self._refresh()
            return home, tail.still()

    def snapshot(self, *, at_once: bool = False) -> Snapshot:
        """Return the newest snapshot.

        Parameters
        ----------
        at_once
            Whether events count that came in the last half second.
        """
        begun, made = time.monotonic(), self._made
        other = made is None or self._name != current_id(self._places)
        age = begun - self._asked_s
        young = REFRESH_S * min(max(self._took_s / QUICK_S, 1.0), SLOWEST)
        if made is not None and not other and not at_once and age < young:
            return made[1].snapshot
        wait = made is None or other or at_once or age > max(PATIENCE_S, 2 * young)
        if self._lock.acquire(blocking=wait):
            try:
                if other or self._asked_s < begun:
                    made = self._refresh()
            finally:
                self._lock.release()
        if made is None:
            raise TypeError("nobody can wait for a first snapshot in vain")
        return made[1].snapshot

    def _refresh(self) -> tuple[str | None, Tail]:
        """Take in what came since; the caller holds the lock."""
        for _ in range(_TRIES):
            asked = time.monotonic()
            try:
                name, manifest = self._manifest()
                home = None if manifest is None else manifest.folder
                made = self._made
                if made is None or made[0] != home:
                    made = (home, Tail(self._base(home), self._room))
                # What waits is read before the manifest: an event that enters the lake meanwhile is then in both,
                # and is taken from the lake. The other way round it could be missed.
                news = self._waiting(made[1])
                name, manifest = self._manifest()
            except FileNotFoundError:
                # Two imports ended while this one was being opened, and its folder went away.
                continue
            if home == (None if manifest is None else manifest.folder):
                self._fill(made[1], manifest, news)
                # Only now may others see it: a tail that is being filled would lack what the one before had.
                self._made, self._name, self._asked_s = made, name, asked
                self._took_s = time.monotonic() - asked
                return made
        raise StoreTrouble(
            "SNAPSHOT_DAMAGED",
            f"The current snapshot of {self._places.root} lacks a file.",
            "Put the workspace back from a backup.",
        )

    def _manifest(self) -> tuple[str | None, Manifest | None]:
        name = current_id(self._places)
        if name is not None and (self._read is None or self._read.id != name):
            self._read = read_manifest(self._places.snapshot(name))
        return name, None if name is None else self._read

    def _waiting(self, tail: Tail) -> list[Batch]:
        if tail.stuck is not None:
            return []
        with self._database.session() as session:
            return list(waiting(session, tail.snapshot.seq))

    def _fill(self, tail: Tail, manifest: Manifest | None, news: Sequence[Batch]) -> None:
        erased = self._let_go(tail)
        persons = persons_now(self._database)
        if persons.change != tail.persons.change:
            # Where events are missing an undo is just taking them: the shards that follow hold the links.
            tail.join(persons, self._raw_ids)
        for file in () if manifest is None or tail.stuck is not None else manifest.drained:
            if file.last_seq > tail.snapshot.seq:
                for batch in drained(self._places.lake / file.path, tail.snapshot.seq):
                    tail.add(_without(batch, erased))
        for batch in news:
            known = int(np.searchsorted(batch.seq, tail.snapshot.seq, side="right"))
            tail.add(_without(batch.cut(known, len(batch)), erased))

    def _let_go(self, tail: Tail) -> ErasedIds:
        """Mask whoever is being erased, until shards without them come; return everybody who was."""
        with self._database.session() as session:
            masked, erased = pending(session), erased_ids(session)
        new = [one for one in masked if one[0] > tail.erased]
        if new:
            tail.erase((id_ for _, ids in new for id_ in ids), until=new[-1][0])
        return erased

    def _raw_ids(self, seqs: NDArray[np.int64], ids: pa.Array) -> pa.Array | None:
        return raw_ids(self._places.lake, self._database, seqs=seqs, ids=ids)

    def _base(self, home: str | None) -> Base:
        if home is None:
            return Base(empty_snapshot(self._timezone, self._currency), self._currency)
        folder = self._places.snapshot(home)
        manifest = read_manifest(folder)
        return Base(
            open_snapshot(folder, self._maker),
            self._currency,
            alone=manifest.alone,
            torn=frozenset(manifest.torn),
        )


def _without(batch: Batch, erased: ErasedIds) -> Batch:
    """Return the events of a batch but for those of people who were erased, which nobody counts any more."""
    gone = erased.which(batch.entity)
    return batch.without(gone) if gone.any() else batch
