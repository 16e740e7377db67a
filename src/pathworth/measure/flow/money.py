"""What moves bring: the net money of the events that they enter, and who carries much of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.base.money import MICRO
from pathworth.journeys import Lane, Part
from pathworth.kernels.weights import money_of_moves
from pathworth.measure.flow.contracts import Carrier
from pathworth.measure.flow.moves import Counts, Moves, MovesByPart, MovesInDetail, slots_of

Numbers = NDArray[np.float64]
_UPPER = 2.0**32 / MICRO
"""What one of the upper limb is worth in units of the currency."""


@dataclass(frozen=True)
class Money:
    """Net money of edges with its interval, float64[edges], NaN where there is none; who carries much of it."""

    amount: Numbers
    low: Numbers
    high: Numbers
    carried: tuple[Carrier | None, ...]

    def of(self, some: Counts) -> Money:
        """Return that of some edges, int64[wanted]."""
        carried = tuple(self.carried[k] for k in some.tolist())
        return Money(self.amount[some], self.low[some], self.high[some], carried)

    def among(self, edges: int, some: Counts) -> Money:
        """Return this as the money of some of many edges; there is none of the others."""
        wide = np.full((3, edges), np.nan)
        wide[:, some] = self.amount, self.low, self.high
        carried: list[Carrier | None] = [None] * edges
        for place, one in zip(some.tolist(), self.carried, strict=True):
            carried[place] = one
        return Money(wide[0], wide[1], wide[2], tuple(carried))


@dataclass(frozen=True)
class MoneyOf:
    """Net money of some cells, int64[cells, 3]: both limbs of the sum in micro-units, and the moves in it.

    Parameters
    ----------
    inner
        How moves are counted: states and split.
    cells
        int64[cells]: places in the matrices of ``inner``.
    """

    inner: Moves | MovesInDetail | MovesByPart
    cells: Counts

    def fold(self, part: Part) -> Counts:
        """Add the money of a part."""
        lane, split, parts = self.inner.read(part)
        slot = slots_of(self.cells, parts * (self.inner.states + 1) ** 2)
        out = np.zeros((len(self.cells), 3), np.int64)
        read = (lane.offset, lane.codes, lane.table, lane.keep, split, net_of(part, lane), slot)
        money_of_moves(*read, self.inner.states, out)
        return out

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two partials."""
        return left + right


def net_of(part: Part, lane: Lane) -> Counts:
    """Return int64[n_event]: value less cost of every event of a lane, in micro-units."""
    span = slice(int(part.offset[0]), int(part.offset[-1]))
    if span.start == span.stop:
        return np.empty(0, np.int64)
    columns = part.shard.columns
    net: Counts = lane.of_events(columns["value"][span] - columns["cost"][span])
    return net


def in_units(limbs: Counts) -> Numbers:
    """Return sums in units of the currency from int64[..., 2 or more] of their limbs."""
    found: Numbers = limbs[..., 0] * _UPPER + limbs[..., 1] / MICRO
    return found
