"""Whole journeys as rows of states: how many of each there are, and which of the known ones a journey is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Lane, Part, Step, state_lane
from pathworth.kernels.folds.marks import bin_all, mark_all
from pathworth.kernels.folds.transitions import BINS
from pathworth.kernels.folds.variants import GOES_ON, gather, recognise, spell, take
from pathworth.kernels.rows.hash import xxh64
from pathworth.kernels.rows.order import BITS, order_by_key
from pathworth.measure.asking import Mask
from pathworth.measure.split import Parts

Counts = NDArray[np.int64]
ALL_BITS = 2**BITS - 1
_NO_OWNER, _NO_PARTS = np.empty(0, np.int64), np.empty(0, np.uint8)


@dataclass(frozen=True)
class RowsOfStates:
    """Rows of states laid end to end.

    Parameters
    ----------
    start
        int64[n + 1]: where each begins and ends.
    states
        int32: the states; GOES_ON ends a row that was cut.
    hashes
        uint64[n].
    """

    start: Counts
    states: NDArray[np.int32]
    hashes: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.hashes)

    def row(self, place: int) -> tuple[int, ...]:
        """Return the states of one row, without the mark that it goes on."""
        found = self.states[self.start[place] : self.start[place + 1]].tolist()
        return tuple(found[:-1] if self.goes_on(place) else found)

    def goes_on(self, place: int) -> bool:
        """Return whether a row was cut."""
        first, last = int(self.start[place]), int(self.start[place + 1])
        return last > first and int(self.states[last - 1]) == GOES_ON

    def take(self, places: Counts) -> RowsOfStates:
        """Return some rows, in the order of their places."""
        start = np.empty(len(places) + 1, np.int64)
        states, hashes = np.empty(len(self.states), np.int32), np.empty(len(places), np.uint64)
        used = take(self.start, self.states, self.hashes, places, start, states, hashes)
        states.resize(used, refcheck=False)
        return RowsOfStates(start, states, hashes)

    @classmethod
    def joined(cls, several: Sequence[RowsOfStates]) -> RowsOfStates:
        """Return the rows of all, one behind the other."""
        before = np.cumsum([0, *(len(one.states) for one in several)])
        ends = [one.start[1:] + at for one, at in zip(several, before, strict=False)]
        return cls(
            np.concatenate([np.zeros(1, np.int64), *ends]),
            np.concatenate([one.states for one in several]),
            np.concatenate([one.hashes for one in several]),
        )


@dataclass(frozen=True)
class Spelled:
    """How journeys are spelled: events by steps or names, repeats, and the longest length told apart.

    ``bits`` of the hash are used, few enough to order rows by; what a row holds decides in any case.
    """

    steps: tuple[Step, ...] | None
    fold: bool
    length: int
    bits: int = ALL_BITS

    def of(self, part: Part, *, timed: bool = False) -> tuple[Lane, RowsOfStates, Counts]:
        """Return the lane of a part, the row of every unit, and int64[n] of its microseconds if they are asked."""
        lane = state_lane(part, self.steps)
        start, took = (
            np.empty(lane.units + 1, np.int64),
            np.empty(lane.units if timed else 0, np.int64),
        )
        states = np.empty(len(lane.codes) + lane.units, np.int32)
        read = (lane.offset, lane.codes, lane.table, lane.time_us, lane.keep)
        used = spell(*read, int(self.fold), self.length, start, states, took)
        return lane, self.rows(start, states[:used]), took

    def rows(self, start: Counts, states: NDArray[np.int32]) -> RowsOfStates:
        """Return rows with their hashes."""
        hashes = np.empty(len(start) - 1, np.uint64)
        xxh64(states.view(np.uint8), start * states.itemsize, np.uint64(0), hashes)
        return RowsOfStates(start, states, hashes & np.uint64(self.bits))


@dataclass(frozen=True)
class Counted:
    """Rows, int64[n] of where each different one stands, by rising hash, and int64[n] of how many units have it.

    ``alone`` says that there are no other rows, and that they stand in this order.
    """

    rows: RowsOfStates
    place: Counts
    count: Counts
    alone: bool = False

    def __len__(self) -> int:
        return len(self.place)

    def by_hash(self) -> Counted:
        """Return the same with the different rows alone."""
        if self.alone:
            return self
        rows, count = self.rows.take(self.place), self.count.copy()
        return Counted(rows, np.arange(len(self)), count, alone=True)


@dataclass(frozen=True)
class Different:
    """The first pass: which rows there are, told apart by what they hold."""

    spelled: Spelled

    def fold(self, part: Part) -> Counted:
        """Count the rows of a part; a unit without a state has none."""
        rows = self.spelled.of(part)[1]
        return _gathered(rows, np.ones(len(rows), np.int64)).by_hash()

    def fold_all(self, parts: Sequence[Part]) -> Counted:
        """Count the rows of some parts, and order all of them once."""
        return _joined([self.fold(part) for part in parts]).by_hash()

    def merge(self, left: Counted, right: Counted) -> Counted:
        """Join two partials, adding what they share."""
        return _joined([left.by_hash(), right.by_hash()])


def _joined(several: Sequence[Counted]) -> Counted:
    """Return each different row of several partials once."""
    rows = RowsOfStates.joined([one.rows for one in several])
    return _gathered(rows, np.concatenate([one.count for one in several]))


def _gathered(rows: RowsOfStates, weight: Counts) -> Counted:
    """Return each different row once, with the weight of all equal ones."""
    room = np.empty((2, len(rows)), np.uint64)
    order_by_key(rows.hashes, room)
    order, place = room.view(np.int64)
    count = np.empty(len(rows), np.int64)
    found = gather(rows.start, rows.states, rows.hashes, order, weight, place, count)
    return Counted(rows, place[:found], count[:found])


@dataclass(frozen=True)
class Known:
    """The rows that are shown, by rising hash, and int64[n] of the rank of each."""

    rows: RowsOfStates
    rank: Counts

    @property
    def cells(self) -> int:
        """Return how many cells there are: all rows, one for each rank, and the others."""
        return len(self.rank) + 2

    def places(self, rows: RowsOfStates) -> Counts:
        """Return int64[n]: the cell of each row, by rank from 1."""
        found = np.empty(len(rows), np.int32)
        known = self.rows
        recognise(
            rows.start,
            rows.states,
            rows.hashes,
            known.start,
            known.states,
            known.hashes,
            found,
        )
        cells: Counts = np.append(self.rank, len(self.rank))[found] + 1
        return cells


@dataclass(frozen=True)
class Told:
    """Units and entities by part and cell, int64[parts, cells, 3], and units by cell and bin of their ms."""

    cells: Counts
    bins: Counts


@dataclass(frozen=True)
class OfEach:
    """The second pass: how many journeys are each of the known rows, and how long they took."""

    spelled: Spelled
    known: Known
    parts: Parts | None

    def fold(self, part: Part) -> Told:
        """Count the journeys of a part."""
        lane, rows, took = self.spelled.of(part, timed=True)
        units = np.flatnonzero(rows.start[1:] > rows.start[:-1])
        cells = self.known.places(rows)[units]
        mine = _NO_PARTS if self.parts is None else self.parts.of(part, lane)
        width = 1 if self.parts is None else self.parts.split.parts
        out = np.zeros((width, self.known.cells, 3), np.int64)
        owner = _NO_OWNER if lane.owner is None else lane.owner
        for some in (np.zeros_like(cells), cells):
            last = np.full((self.known.cells, 2), -1, np.int64)
            mark_all(some, units, owner, mine, last, out)
        bins = np.zeros((self.known.cells, BINS), np.int64)
        bin_all(cells, (took[units] + 500) // 1_000, bins)
        return Told(out, bins)

    def merge(self, left: Told, right: Told) -> Told:
        """Add two partials."""
        return Told(left.cells + right.cells, left.bins + right.bins)


@dataclass(frozen=True)
class IsRow:
    """Units whose journey is one of the known rows, or any for cell 0, in one part of a trait if one is given."""

    asked: OfEach
    cell: int
    part: int | None

    def chosen(self, part: Part) -> Mask:
        """Return bool[n]."""
        lane, rows, _ = self.asked.spelled.of(part)
        found: Mask = rows.start[1:] > rows.start[:-1]
        if self.cell:
            found &= self.asked.known.places(rows) == self.cell
        if self.part is not None and self.asked.parts is not None:
            found &= self.asked.parts.of(part, lane) == self.part
        return found
