"""From raw ids to persons: sorted hashes of the ids that another one stands for, and those texts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.store.texts import hash64

FILE = "persons.arrow"


class Persons:
    """The person of every raw id, as of a number of changes of links.

    Only ids that another one stands for are held: 10^6 of them take about 100 MB.

    Parameters
    ----------
    change
        Up to which change of the links it holds.
    ids
        Large texts: distinct raw ids that another one stands for.
    takers
        Large texts [n]: the person of each, the smallest of that person's ids.
    since, moved
        Large texts: the raw ids whose person is another one than up to an earlier change; null where that is not known.
    """

    def __init__(
        self,
        change: int,
        ids: pa.Array,
        takers: pa.Array,
        *,
        since: int = 0,
        moved: pa.Array | None = None,
    ) -> None:
        hashes = hash64(ids)
        order = np.argsort(hashes, kind="stable")
        self.change, self.since, self.moved = change, since, moved
        self.hashes = hashes[order]
        self.ids, self.takers = ids.take(pa.array(order)), takers.take(pa.array(order))

    def __len__(self) -> int:
        return len(self.hashes)

    def of(self, ids: pa.Array) -> pa.Array:
        """Return the person of each raw id, as texts of the same type; itself where nothing joins it."""
        if not len(self):
            return ids
        found = self.find(ids)
        known = found >= 0
        if not known.any():
            return ids
        takers = self.takers.take(pa.array(np.where(known, found, 0))).cast(ids.type)
        return pc.if_else(pa.array(known), takers, ids)

    def one(self, id_: str) -> str:
        """Return the person of one raw id."""
        return str(self.of(pa.array([id_], pa.large_string()))[0]) if len(self) else id_

    def ids_of(self, person: str) -> tuple[str, ...]:
        """Return every raw id of a person, by whichever of them, sorted by their bytes."""
        person = self.one(person)
        found = self.members(pa.array([person], pa.large_string())).to_pylist()
        return tuple(sorted([person, *found], key=str.encode))

    def asked_of(self, persons: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Return under which of some people's ids what is kept under each raw id of theirs was asked for."""
        found: dict[str, tuple[str, ...]] = {}
        for person in dict.fromkeys(persons):
            for id_ in self.ids_of(person) if len(self) else (person,):
                found[id_] = (*found.get(id_, ()), person)
        return found

    def members(self, persons: pa.Array) -> pa.Array:
        """Return the raw ids that some persons stand for, those persons themselves apart."""
        if not len(self) or not len(persons):
            return self.ids.slice(0, 0)
        # From some hashes to the places of all takers with one of them, without a step in Python for each.
        hashes, (taken, place) = np.unique(hash64(persons)), self._taken
        first = np.searchsorted(taken, hashes, side="left")
        count = np.searchsorted(taken, hashes, side="right") - first
        ends = np.cumsum(count)
        chosen = pa.array(place[np.repeat(first - ends + count, count) + np.arange(ends[-1])])
        mine = pc.is_in(self.takers.take(chosen), value_set=persons.cast(pa.large_string()))
        return self.ids.take(chosen).filter(mine)

    def find(self, ids: pa.Array) -> NDArray[np.int64]:
        """Return int64[n]: the place of each raw id here; -1 for one that is not."""
        found = np.full(len(ids), -1, np.int64)
        if not len(self) or not len(ids):
            return found
        asked = hash64(ids)
        place = np.searchsorted(self.hashes, asked)
        open_ = np.flatnonzero(place < len(self))
        while True:
            # Two ids may have the same hash: those of one hash are gone through until the letters agree.
            open_ = open_[(place[open_] < len(self))]
            open_ = open_[self.hashes[place[open_]] == asked[open_]]
            if not len(open_):
                return found
            held = self.ids.take(pa.array(place[open_]))
            same = pc.equal(held, ids.take(pa.array(open_)).cast(pa.large_string()))
            agree = same.to_numpy(zero_copy_only=False)
            found[open_[agree]] = place[open_[agree]]
            open_ = open_[~agree]
            place[open_] += 1

    def write(self, folder: Path) -> None:
        """Write it into the folder of a snapshot; nothing where no link was ever said."""
        if not self.change:
            return
        table = pa.table({"id": self.ids, "person": self.takers})
        with pa.ipc.new_file(folder / FILE, table.schema, options=_OPTIONS) as out:
            out.write_table(table)

    @classmethod
    def read(cls, folder: Path, change: int) -> Persons:
        """Return what a snapshot's folder holds; a file that is not there raises ``FileNotFoundError``."""
        if not change:
            return NOBODY_JOINED
        with pa.ipc.open_file((folder / FILE).read_bytes()) as held:
            table = held.read_all()
        return cls(change, *(table[name].combine_chunks() for name in ("id", "person")))

    @cached_property
    def _taken(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Return the hashes of the persons in order, and the place of each here."""
        hashes = hash64(self.takers)
        order = np.argsort(hashes, kind="stable")
        return hashes[order], order


_NONE = pa.array([], pa.large_string())
_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4")
NOBODY_JOINED = Persons(0, _NONE, _NONE)
"""Where no link was ever said."""
