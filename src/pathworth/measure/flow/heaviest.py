"""Who carries much of an edge: the one entity with the largest sum of its time or money."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Part
from pathworth.kernels.weights import heaviest
from pathworth.measure.flow.edges import LARGE_SHARE
from pathworth.measure.flow.money import net_of
from pathworth.measure.flow.moves import Counts, Moves, MovesByPart, MovesInDetail, slots_of
from pathworth.store import hash64

_TIME = np.empty(0, np.int64)


Heaviest = dict[int, tuple[int, str]]
"""By place of a cell the largest sum of one entity, and whose it is; nothing where all are small."""


@dataclass(frozen=True)
class HeaviestOf:
    """Who takes the most time of some cells, or brings the most money, and more than a small share of it.

    Of equal ones it is the first by hash, as entities lie in shards.

    Parameters
    ----------
    inner
        How moves are counted: states and split.
    cells
        int64[cells]: places in the matrices of ``inner``, none of the start's row.
    heavy
        bool[64, cells]: in which groups somebody might; nobody elsewhere is looked at.
    sums
        float64[cells]: what all moves of a cell weigh.
    weigh
        ``time``: whole ms; ``money``: what came in, micro-units, without what was paid back.
    """

    inner: Moves | MovesInDetail | MovesByPart
    cells: NDArray[np.int64]
    heavy: NDArray[np.bool_]
    sums: NDArray[np.float64]
    weigh: Literal["time", "money"] = "time"

    def among(self, some: Counts) -> HeaviestOf:
        """Return the same of some of the cells, int64[wanted]."""
        heavy, sums = self.heavy[:, some], self.sums[some]
        return replace(self, cells=self.cells[some], heavy=heavy, sums=sums)

    def fold(self, part: Part) -> Heaviest:
        """Look at the entities of a part of one group."""
        some = np.flatnonzero(self.heavy[part.group])
        if not len(some):
            return {}
        lane, split, parts = self.inner.read(part)
        slot = slots_of(self.cells[some], parts * (self.inner.states + 1) ** 2 + 1)
        weight = _TIME if self.weigh == "time" else np.maximum(net_of(part, lane), 0)
        own, touched = np.zeros((2, len(some)), np.int64)
        out = np.full((len(some), 2), -1, np.int64)
        read = (lane.offset, lane.codes, lane.table, lane.time_us, lane.keep, split, weight)
        heaviest(*read, slot, self.inner.states, own, touched, out)
        found = np.flatnonzero(out[:, 0] > np.maximum(LARGE_SHARE * self.sums[some], 0))
        sums, units = out[found].T
        whose = units if lane.owner is None else lane.owner[units]
        rows = zip(some[found].tolist(), sums.tolist(), whose.tolist(), strict=True)
        return {k: (most, part.shard.id_of(part.first + e)) for k, most, e in rows}

    def merge(self, left: Heaviest, right: Heaviest) -> Heaviest:
        """Keep the heavier of two."""
        both = ((k, _heavier(left[k], right[k])) for k in left.keys() & right.keys())
        return {**left, **right, **dict(both)}


def _heavier(left: tuple[int, str], right: tuple[int, str]) -> tuple[int, str]:
    if left[0] != right[0]:
        return max(left, right)
    return min(left, right, key=lambda one: (int(hash64([one[1]])[0]), one[1]))
