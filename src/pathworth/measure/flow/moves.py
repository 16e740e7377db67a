"""Folds of moves: counts and times, people, quantile bins, edge lists where a matrix is too large."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Field, Lane, Part, Step, column_of, state_lane
from pathworth.kernels.folds.transitions import (
    BINS,
    moves,
    moves_by_part,
    moves_in_detail,
    moves_of_many,
)
from pathworth.kernels.select import count_codes, look_up
from pathworth.measure.split import Split

Counts = NDArray[np.int64]
_NO_SPLIT = np.empty(0, np.uint8)
_NO_SLOT = np.empty(0, np.int32)
_FULL = 2**31
"""Moves after which bins of 32 bits are emptied into wider ones."""


Read = tuple[Lane, NDArray[np.uint8], int]


def read_part(part: Part, steps: tuple[Step, ...] | None, *, split: Split | None = None) -> Read:
    """Return a part's lane, the matrix of every event (empty for one), and how many matrices there are."""
    lane = state_lane(part, steps)
    if split is None:
        return lane, _NO_SPLIT, 1
    out = np.empty(len(lane.codes), np.uint8)
    look_up(lane.of_events(column_of(part, split.field)), split.part_of, out)
    return lane, out, split.parts


@dataclass(frozen=True)
class Moves:
    """Moves and their whole ms by ``source * (S + 1) + target``, int64[(S + 1)**2, 2]; S is start and end."""

    steps: tuple[Step, ...] | None
    states: int

    def fold(self, part: Part) -> Counts:
        """Count the moves of a part."""
        lane, width = state_lane(part, self.steps), self.states + 1
        count = np.zeros(width * width + 1, np.uint32)
        whole_ms = np.zeros(len(count), np.int64)
        read = (lane.offset, lane.codes, lane.table, lane.time_us, lane.keep)
        moves(*read, self.states, count, whole_ms)
        whole_ms[self.states * width :] = 0
        out = np.empty((width * width, 2), np.int64)
        out[:, 0], out[:, 1] = count[:-1], whole_ms[:-1]
        return out

    def read(self, part: Part) -> Read:
        """Return what ``read_part`` does of a part."""
        return read_part(part, self.steps)

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two matrices."""
        return left + right


@dataclass(frozen=True)
class Detail:
    """Moves, whole ms and entities by part and cell; movers by part, then in any; moves by slot and bin."""

    moves: Counts
    entities: Counts
    bins: Counts


@dataclass(frozen=True)
class MovesInDetail:
    """Moves with the entities behind them, split by a property, with the bins of some cells.

    ``relabel`` is int32[states there are], the state of each in the matrix, where some may stand together.
    """

    steps: tuple[Step, ...] | None
    states: int
    relabel: NDArray[np.int32] | None = None
    split: Split | None = None
    slot: NDArray[np.int32] | None = None

    def fold(self, part: Part) -> Detail:
        """Count the moves of a part."""
        return self.fold_all([part])

    def fold_all(self, parts: Sequence[Part]) -> Detail:
        """Count the moves of several parts, with one set of bins for all of them."""
        area, split_into = (self.states + 1) ** 2, 1 if self.split is None else self.split.parts
        slots = 0 if self.slot is None else int(self.slot.max(initial=-1)) + 1
        out, movers = np.zeros((split_into * area, 3), np.int64), np.zeros(split_into + 1, np.int64)
        bins, full, seen = np.zeros((slots, BINS), np.int32), np.zeros((slots, BINS), np.int64), 0
        for part in parts:
            seen += int(part.offset[-1] - part.offset[0])
            if seen >= _FULL:
                full, bins, seen = full + bins, np.zeros_like(bins), 0
            self._add(part, out, bins, movers)
        out.reshape(split_into, -1, self.states + 1, 3)[:, self.states, :, 1] = 0
        return Detail(out, movers, full + bins)

    def _add(self, part: Part, out: Counts, bins: NDArray[np.int32], movers: Counts) -> None:
        """Add the moves of a part, and who makes them."""
        lane, split, _ = self.read(part)
        slot = _NO_SLOT if self.slot is None else self.slot
        last = np.full(len(out), -1, np.int64)
        read = (lane.offset, lane.codes, lane.table, lane.time_us, lane.keep)
        moves_in_detail(*read, split, slot, self.states, out, last, bins, movers)

    def read(self, part: Part) -> Read:
        """Return what ``read_part`` does of a part."""
        lane, split, parts = read_part(part, self.steps, split=self.split)
        if self.relabel is not None:
            lane = replace(lane, table=_relabelled(lane.table, self.relabel))
        return lane, split, parts

    def merge(self, left: Detail, right: Detail) -> Detail:
        """Add two partials."""
        return Detail(
            left.moves + right.moves, left.entities + right.entities, left.bins + right.bins
        )


@dataclass(frozen=True)
class MovesByPart:
    """Moves split by a property, without the entities behind them: ``moves`` of a ``Detail`` has two columns."""

    steps: tuple[Step, ...] | None
    states: int
    split: Split

    def fold(self, part: Part) -> Detail:
        """Count the moves of a part."""
        return self.fold_all([part])

    def fold_all(self, parts: Sequence[Part]) -> Detail:
        """Count the moves of several parts in the same matrices."""
        area, split_into = (self.states + 1) ** 2, self.split.parts
        out = np.zeros((split_into * area + 1, 2), np.int64)
        movers = np.zeros(split_into + 1, np.int64)
        for part in parts:
            lane = state_lane(part, self.steps)
            values = lane.of_events(column_of(part, self.split.field))
            read = (lane.offset, lane.codes, lane.table, lane.time_us, lane.keep)
            moves_by_part(*read, values, self.split.part_of, self.states, out, movers)
        out[self.states * (self.states + 1) : area, 1] = 0
        return Detail(out[:-1], movers, np.zeros((0, BINS), np.int64))

    def read(self, part: Part) -> Read:
        """Return what ``read_part`` does of a part."""
        return read_part(part, self.steps, split=self.split)

    def merge(self, left: Detail, right: Detail) -> Detail:
        """Add two partials."""
        return Detail(left.moves + right.moves, left.entities + right.entities, left.bins)


def _relabelled(table: NDArray[np.int32], relabel: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the table with other numbers for its states; codes of no state stay -1."""
    known = (table >= 0) & (table < len(relabel))
    out = np.full(len(table), -1, np.int32)
    out[known] = relabel[table[known]]
    return out


def moving(lane: Lane, split: NDArray[np.uint8], *, parts: int) -> NDArray[np.bool_]:
    """Return bool[n, parts]: which entities, or units, have a move that begins in each part."""
    kept = np.flatnonzero(_in_a_state(lane))
    unit = np.repeat(np.arange(lane.units), np.diff(lane.offset))[kept]
    begins = unit[:-1] == unit[1:]
    did = np.zeros((lane.units, parts), bool)
    did[unit[:-1][begins], split[kept[:-1][begins]]] = True
    return did


def with_state(lane: Lane) -> NDArray[np.bool_]:
    """Return bool[n]: which entities, or units, have a kept event that is in a state."""
    if (lane.table >= 0).all():
        return lane.kept_units()
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(_in_a_state(lane), dtype=np.int64)])
    found: NDArray[np.bool_] = np.diff(before[lane.offset]) > 0
    return found


def _in_a_state(lane: Lane) -> NDArray[np.bool_]:
    """Return bool[n_event]: kept events that are in a state."""
    found: NDArray[np.bool_] = lane.table[lane.codes] >= 0
    return found & (lane.keep != 0) if lane.keep.size else found


def slots_of(cells: Counts, area: int) -> NDArray[np.int32]:
    """Return int32[area]: the row of each cell, -1 for a cell that nobody asks about."""
    slot = np.full(area, -1, np.int32)
    slot[cells] = np.arange(len(cells))
    return slot


@dataclass(frozen=True)
class Chosen:
    """Moves and whole ms of some cells only, int64[cells, 2], so that a partial per entity stays small."""

    inner: Moves | MovesInDetail | MovesByPart
    cells: NDArray[np.int64]

    def fold(self, part: Part) -> Counts:
        """Count the moves of a part and keep the cells."""
        found = self.inner.fold(part)
        return (found.moves if isinstance(found, Detail) else found)[self.cells, :2]

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two partials."""
        return left + right


@dataclass(frozen=True)
class EdgeList:
    """Moves, whole ms and entities, int64[edges, 3], by rising ``source * (S + 1) + target``."""

    keys: Counts
    moves: Counts


@dataclass(frozen=True)
class MovesOfMany:
    """Moves among more states than a matrix can hold, as a sorted edge list."""

    steps: tuple[Step, ...] | None
    states: int

    def fold(self, part: Part) -> EdgeList:
        """Count the moves of a part, in a larger table as often as one is too small."""
        lane = state_lane(part, self.steps)
        size, used = 1 << 14, -1
        while used < 0:
            keys, out = np.full(size, -1, np.int64), np.zeros((size, 4), np.int64)
            used = moves_of_many(
                lane.offset, lane.codes, lane.table, lane.time_us, lane.keep, self.states, keys, out
            )
            size *= 4
        at = np.flatnonzero(keys >= 0)
        at = at[np.argsort(keys[at])]
        return EdgeList(keys[at], out[at, :3])

    def merge(self, left: EdgeList, right: EdgeList) -> EdgeList:
        """Join two sorted lists, adding what they share."""
        keys, place = np.unique(np.concatenate([left.keys, right.keys]), return_inverse=True)
        out = np.zeros((len(keys), 3), np.int64)
        np.add.at(out, place, np.concatenate([left.moves, right.moves]))
        return EdgeList(keys, out)


@dataclass(frozen=True)
class SourceUnits:
    """Entities with a kept event of each of some states, int64[wanted]."""

    steps: tuple[Step, ...] | None
    wanted: NDArray[np.int64]

    def fold(self, part: Part) -> Counts:
        """Count the entities of a part."""
        lane = state_lane(part, self.steps)
        table = np.full(len(lane.table), -1, np.int64)
        for place, state in enumerate(self.wanted):
            table[lane.table == state] = place
        place_of = table[lane.codes]
        here = np.flatnonzero((place_of >= 0) & (lane.keep != 0 if lane.keep.size else True))
        entity = np.searchsorted(lane.offset, here, side="right") - 1
        pairs = np.unique(entity * len(self.wanted) + place_of[here])
        return np.bincount(pairs % len(self.wanted), minlength=len(self.wanted)).astype(np.int64)

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two counts."""
        return left + right


@dataclass(frozen=True)
class ValueCounts:
    """Kept events by code of a column, int64[codes there are]."""

    field: Field

    def fold(self, part: Part) -> Counts:
        """Count the events of a part."""
        lane = state_lane(part)
        out = np.zeros(len(self.field.words), np.int64)
        count_codes(lane.of_events(column_of(part, self.field)), lane.keep, out)
        return out

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two counts."""
        return left + right
