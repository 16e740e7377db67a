"""Whole journeys as rows of states: how many of each there are, and which of the known ones a journey is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pathworth.base.threads import in_order, processors
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
_AT_A_TIME = 1 << 18
"""About so many rows are told apart at a time."""
_NO_OWNER, _NO_PARTS = np.empty(0, np.int64), np.empty(0, np.uint8)


Kind = type[np.uint8 | np.uint16 | np.int32]


def kind_for(states: int) -> Kind:
    """Return the smallest type for the codes of so many states, with a value to spare that ends a row."""
    return next((kind for kind in (np.uint8, np.uint16) if states <= np.iinfo(kind).max), np.int32)


def cut_of(kind: Kind) -> int:
    """Return the value that ends a row that was cut."""
    return GOES_ON if kind is np.int32 else int(np.iinfo(kind).max)


@dataclass(frozen=True)
class RowsOfStates:
    """Rows of states laid end to end.

    Parameters
    ----------
    start
        int64[n + 1]: the byte at which each begins and ends.
    states
        uint8: the bytes of the states; the largest value of their type ends a row that was cut.
    hashes
        uint64[n].
    kind
        Type of a state, as small as the number of states allows: most rows are there once, and all are held.
    """

    start: Counts
    states: NDArray[np.uint8]
    hashes: NDArray[np.uint64]
    kind: Kind

    def __len__(self) -> int:
        return len(self.hashes)

    def row(self, place: int) -> tuple[int, ...]:
        """Return the states of one row, without the mark that it goes on."""
        found = self._held(place)
        return tuple(found[:-1] if self.goes_on(place) else found)

    def goes_on(self, place: int) -> bool:
        """Return whether a row was cut."""
        return self._held(place)[-1:] == [cut_of(self.kind)]

    def cut(self, first: int, last: int) -> RowsOfStates:
        """Return some rows that lie beside each other."""
        start, end = int(self.start[first]), int(self.start[last])
        hashes = self.hashes[first:last]
        return RowsOfStates(
            self.start[first : last + 1] - start, self.states[start:end], hashes, self.kind
        )

    def take(self, places: Counts) -> RowsOfStates:
        """Return some rows, in the order of their places."""
        start = np.empty(len(places) + 1, np.int64)
        states, hashes = np.empty(len(self.states), np.uint8), np.empty(len(places), np.uint64)
        used = take(self.start, self.states, self.hashes, places, start, states, hashes)
        states.resize(used, refcheck=False)
        return RowsOfStates(start, states, hashes, self.kind)

    def _held(self, place: int) -> list[int]:
        found: list[int] = (
            self.states[self.start[place] : self.start[place + 1]].view(self.kind).tolist()
        )
        return found

    @classmethod
    def joined(cls, several: Sequence[RowsOfStates]) -> RowsOfStates:
        """Return the rows of all, at least one, one behind the other."""
        before = np.cumsum([0, *(len(one.states) for one in several)])
        ends = [one.start[1:] + at for one, at in zip(several, before, strict=False)]
        return cls(
            np.concatenate([np.zeros(1, np.int64), *ends]),
            np.concatenate([one.states for one in several]),
            np.concatenate([one.hashes for one in several]),
            several[0].kind,
        )


@dataclass(frozen=True)
class Spelled:
    """How journeys are spelled: events by steps or names, repeats, and the longest length told apart.

    ``kind`` is the type of a state. ``bits`` of the hash are used, few enough to order rows by; what a row holds
    decides in any case.
    """

    steps: tuple[Step, ...] | None
    fold: bool
    length: int
    kind: Kind
    bits: int = ALL_BITS

    def of(self, part: Part, *, timed: bool = False) -> tuple[Lane, RowsOfStates, Counts]:
        """Return the lane of a part, the row of every unit, and int64[n] of its microseconds if they are asked."""
        lane = state_lane(part, self.steps)
        start, took = (
            np.empty(lane.units + 1, np.int64),
            np.empty(lane.units if timed else 0, np.int64),
        )
        states = np.empty(len(lane.codes) + lane.units, self.kind)
        read = (lane.offset, lane.codes, lane.table, lane.time_us, lane.keep)
        used = spell(*read, int(self.fold), self.length, start, states, took)
        return lane, self.rows(start, states[:used]), took

    def rows(self, start: Counts, states: NDArray[Any]) -> RowsOfStates:
        """Return rows of states with their hashes; ``start`` counts states."""
        start, held = start * states.itemsize, states.view(np.uint8)
        hashes = np.empty(len(start) - 1, np.uint64)
        xxh64(held, start, np.uint64(0), hashes)
        return RowsOfStates(start, held, hashes & np.uint64(self.bits), self.kind)


@dataclass(frozen=True)
class Counted:
    """Different rows by rising hash, and int64[n] of how many units have each."""

    rows: RowsOfStates
    count: Counts

    def __len__(self) -> int:
        return len(self.count)

    def between(self, low: int, high: int) -> Counted:
        """Return the rows with a hash from one number to less than another."""
        first, last = np.searchsorted(self.rows.hashes, np.array([low, high], np.uint64)).tolist()
        return Counted(self.rows.cut(first, last), self.count[first:last])


Heaps = tuple[Counted, ...]


@dataclass(frozen=True)
class Apart:
    """Rows, int64[n] of where each different one stands, by rising hash, and int64[n] of how many units have it."""

    rows: RowsOfStates
    place: Counts
    count: Counts

    def take(self, some: Counts) -> Counted:
        """Return some of the different rows, in the order in which they are named."""
        return Counted(self.rows.take(self.place[some]), self.count[some])


Ranked = Callable[[Apart], Counts]


@dataclass(frozen=True)
class Different:
    """The first pass: which rows there are, told apart by what they hold; a row may lie in several heaps."""

    spelled: Spelled

    def fold(self, part: Part) -> Heaps:
        """Count the rows of a part; a unit without a state has none."""
        rows = self.spelled.of(part)[1]
        apart = _told_apart(rows, np.ones(len(rows), np.int64))
        return (apart.take(np.arange(len(apart.place))),)

    def merge(self, left: Heaps, right: Heaps) -> Heaps:
        """Lay the heaps of two partials beside each other: ``commonest_of`` adds what they share."""
        return (*left, *right)

    def commonest_of(self, heaps: Heaps, commonest: Ranked) -> tuple[int, Counted]:
        """Return how many different rows there are, and the commonest with their counts, by rank.

        Rows are told apart in ranges of their hashes, which processors hold near them, one range in each thread.

        Parameters
        ----------
        heaps
            A whole partial.
        commonest
            Returns which of some different rows are the commonest, by rank.
        """

        def of_range(ends: tuple[int, int]) -> tuple[int, Counted]:
            return _best([one.between(*ends) for one in heaps], commonest)

        rows = sum(map(len, heaps))
        several = list(in_order(of_range, self._ranges(rows), threads=processors(rows)))
        _, best = _best([one for _, one in several], commonest)
        return sum(count for count, _ in several), best

    def _ranges(self, rows: int) -> list[tuple[int, int]]:
        """Return ranges of hashes that hold about so many rows as are told apart at a time."""
        width = self.spelled.bits + 1
        many = min(rows // _AT_A_TIME + 1, width)
        return list(pairwise(width * k // many for k in range(many + 1)))


def _best(several: Sequence[Counted], commonest: Ranked) -> tuple[int, Counted]:
    """Return how many different rows some heaps hold together, and the commonest by rank."""
    rows = RowsOfStates.joined([one.rows for one in several])
    apart = _told_apart(rows, np.concatenate([one.count for one in several]))
    return len(apart.place), apart.take(commonest(apart))


def _told_apart(rows: RowsOfStates, weight: Counts) -> Apart:
    """Return each different row once, with the weight of all that equal it."""
    room = np.empty((2, len(rows)), np.uint64)
    order_by_key(rows.hashes, room)
    order, place = room.view(np.int64)
    count = np.empty(len(rows), np.int64)
    found = gather(rows.start, rows.states, rows.hashes, order, weight, place, count)
    return Apart(rows, place[:found], count[:found])


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
