"""Passes that count visits, returns, repeats and loops of states."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Lane, Part, Step, state_lane
from pathworth.kernels.folds.rework import KINDS, VISIT, counted_at, glance, loops, returns
from pathworth.kernels.folds.transitions import BINS
from pathworth.measure.asking import Mask
from pathworth.measure.split import Parts

Counts = NDArray[np.int64]
_NO_OWNER, _NO_PARTS = np.empty(0, np.int64), np.empty(0, np.uint8)
_MOST_DENSE = 1_024
"""Up to this many states loops are counted in a matrix."""


@dataclass(frozen=True)
class States:
    """What stands for the events, and how many states there are."""

    steps: tuple[Step, ...] | None
    states: int

    def loops_of(self, part: Part) -> tuple[Lane, Counts, Counts]:
        """Return the lane of a part, and the loops in it: int64[m, 3] of unit, a and b, with int64[m] of their ms."""
        lane = state_lane(part, self.steps)
        out, took = np.empty((len(lane.codes), 3), np.int64), np.empty(len(lane.codes), np.int64)
        found = loops(lane.offset, lane.codes, lane.table, lane.time_us, lane.keep, out, took)
        return lane, out[:found], took[:found]


@dataclass(frozen=True)
class Glance:
    """How often each state is visited, returned to and repeated, int64[states, KINDS], and how often each loop is made.

    Loops are int64[m] of ``a * states + b``, rising, and int64[m] of their numbers.
    """

    states: Counts
    keys: Counts
    times: Counts


@dataclass(frozen=True)
class Seen:
    """The first pass: states and loops, however many there are."""

    states: States

    def fold(self, part: Part) -> Glance:
        """Count the states and loops of a part."""
        lane, size = state_lane(part, self.states.steps), self.states.states
        times, made = np.zeros((size, KINDS), np.int64), np.empty(len(lane.codes), np.int64)
        read = (lane.offset, lane.codes, lane.table, lane.keep)
        keys = made[: glance(*read, np.full(size, -1, np.int64), times, made)]
        if size <= _MOST_DENSE:
            counted = np.bincount(keys, minlength=size * size)
            some = np.flatnonzero(counted)
            return Glance(times, some, counted[some].astype(np.int64))
        return Glance(times, *np.unique(keys, return_counts=True))

    def merge(self, left: Glance, right: Glance) -> Glance:
        """Add two partials."""
        both = np.concatenate([left.keys, right.keys])
        keys, place = np.unique(both, return_inverse=True)
        times = np.zeros(len(keys), np.int64)
        np.add.at(times, place, np.concatenate([left.times, right.times]))
        return Glance(left.states + right.states, keys, times)


@dataclass(frozen=True)
class ReworkPlan:
    """Which states and loops are shown.

    The cells are those of ``returns`` for the labels, its last one counting every unit with a state, then one for each
    shown loop, then one for all other loops.

    Parameters
    ----------
    states
        What stands for the events.
    label
        int32[states]: place of each shown state, those of the others after them.
    shown
        How many states are shown.
    keys
        int64[loops]: the shown loops as ``a * states + b``, in their order.
    parts
        The parts of a breakdown.
    """

    states: States
    label: NDArray[np.int32]
    shown: int
    keys: Counts
    parts: Parts | None

    @property
    def width(self) -> int:
        """Return how many parts there are."""
        return 1 if self.parts is None else self.parts.split.parts

    @property
    def every(self) -> int:
        """Return the cell that counts every unit with a state."""
        return (self.shown + 1) * KINDS

    def cell(self, label: int, kind: int) -> int:
        """Return the cell of a state: VISIT, RETURN or AGAIN."""
        return label * KINDS + kind

    def loop(self, place: int) -> int:
        """Return the cell of a shown loop, or of all others where the place is past the shown ones."""
        return self.every + 1 + place

    @property
    def cells(self) -> int:
        """Return how many cells there are."""
        return self.loop(len(self.keys)) + 1

    @property
    def loops(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return int32[states], the row of the loops that begin with a state, and int32[rows, states], their places.

        Loops that are not shown are past the shown ones; states with none share the last row.
        """
        size = self.states.states
        first, through = np.divmod(self.keys, max(size, 1))
        begins, at = np.unique(first, return_inverse=True)
        row = np.full(size, len(begins), np.int32)
        row[begins] = np.arange(len(begins))
        place = np.full((len(begins) + 1, size), len(self.keys), np.int32)
        place[at, through] = np.arange(len(self.keys))
        return row, place

    def places(self, found: Counts) -> Counts:
        """Return int64[m]: the place of each loop among the shown ones, past them for the others."""
        row, place = self.loops
        return place[row[found[:, 1]], found[:, 2]].astype(np.int64)


@dataclass(frozen=True)
class Returned:
    """Times, units and entities by part and cell, int64[parts, cells, 3], with bins of ms.

    ``returns`` has a row for each label, ``loops`` one for each shown loop and one for all others.
    """

    cells: Counts
    returns: Counts
    loops: Counts


@dataclass(frozen=True)
class Reworked:
    """The second pass: states and loops that are shown, with the units and entities behind them and their times."""

    plan: ReworkPlan

    def fold(self, part: Part) -> Returned:
        """Count a part."""
        plan = self.plan
        lane = state_lane(part, plan.states.steps)
        mine = _NO_PARTS if plan.parts is None else plan.parts.of(part, lane)
        owner = _NO_OWNER if lane.owner is None else lane.owner
        read = (lane.offset, lane.codes, lane.table, lane.time_us, lane.keep, owner, mine)
        row, loop = plan.loops
        cells = np.zeros((plan.width, plan.cells, 3), np.int64)
        labels = plan.shown + 1
        bins = np.zeros((labels + len(plan.keys) + 1, BINS), np.int64)
        returns(*read, np.stack([plan.label, row], axis=1), loop, labels, cells, bins)
        return Returned(cells, bins[:labels], bins[labels:])

    def merge(self, left: Returned, right: Returned) -> Returned:
        """Add two partials."""
        return Returned(
            left.cells + right.cells, left.returns + right.returns, left.loops + right.loops
        )


@dataclass(frozen=True)
class InRework:
    """Units that one cell counts, in one part of a trait if one is given."""

    plan: ReworkPlan
    cell: int
    part: int | None

    def chosen(self, part: Part) -> Mask:
        """Return bool[n]."""
        plan = self.plan
        if self.cell <= plan.every:
            lane, found = self._at_state(part)
        else:
            lane, made, _ = plan.states.loops_of(part)
            found = np.zeros(lane.units, np.bool_)
            found[made[plan.places(made) == self.cell - plan.loop(0), 0]] = True
        if self.part is not None and plan.parts is not None:
            found &= plan.parts.of(part, lane) == self.part
        return found

    def _at_state(self, part: Part) -> tuple[Lane, Mask]:
        plan = self.plan
        lane = state_lane(part, plan.states.steps)
        every = self.cell == plan.every
        label = np.zeros_like(plan.label) if every else plan.label
        out = np.empty(lane.units, np.uint8)
        seen = np.full(len(label), -1, np.int64)
        read = (lane.offset, lane.codes, lane.table, lane.keep)
        counted_at(*read, label, VISIT if every else self.cell, seen, out)
        return lane, out.view(np.bool_)
