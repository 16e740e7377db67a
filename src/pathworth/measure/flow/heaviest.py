"""Who carries much of an edge: the one entity with the largest sum of its time or money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Part
from pathworth.kernels.folds.weights import heaviest
from pathworth.measure.flow.money import net_of
from pathworth.measure.flow.moves import Counts, Moves, MovesInDetail, slots_of
from pathworth.store import hash64

_TIME = np.empty(0, np.int64)


@dataclass(frozen=True)
class Heaviest:
    """Of each cell the largest sum of one entity, int64[cells], and whose it is; empty for nobody's."""

    sums: Counts
    ids: tuple[str, ...]


@dataclass(frozen=True)
class HeaviestOf:
    """Who takes the most time of some cells, or brings the most money; of equal ones the first by hash.

    Parameters
    ----------
    inner
        How moves are counted: states and split.
    cells
        int64[cells]: places in the matrices of ``inner``.
    weigh
        ``time``: whole ms; ``money``: what came in, micro-units, without what was paid back.
    """

    inner: Moves | MovesInDetail
    cells: NDArray[np.int64]
    weigh: Literal["time", "money"] = "time"

    def fold(self, part: Part) -> Heaviest:
        """Look at the entities of a part."""
        lane, split, parts = self.inner.read(part)
        slot = slots_of(self.cells, parts * (self.inner.states + 1) ** 2)
        weight = _TIME if self.weigh == "time" else np.maximum(net_of(part, lane), 0)
        own, touched = np.zeros((2, len(self.cells)), np.int64)
        out = np.full((len(self.cells), 2), -1, np.int64)
        read = (lane.offset, lane.codes, lane.table, lane.time_us, lane.keep, split, weight)
        heaviest(*read, slot, self.inner.states, own, touched, out)
        whose = out[:, 1] if lane.owner is None else np.append(lane.owner, -1)[out[:, 1]]
        ids = tuple(part.shard.id_of(part.first + e) if e >= 0 else "" for e in whose.tolist())
        return Heaviest(out[:, 0], ids)

    def merge(self, left: Heaviest, right: Heaviest) -> Heaviest:
        """Keep the heavier of two."""
        rows = zip(left.sums.tolist(), left.ids, right.sums.tolist(), right.ids, strict=True)
        best = [_heavier((a, one), (b, two)) for a, one, b, two in rows]
        return Heaviest(np.array([one for one, _ in best], np.int64), tuple(one for _, one in best))


def _heavier(left: tuple[int, str], right: tuple[int, str]) -> tuple[int, str]:
    if left[0] != right[0] or not left[1] or not right[1]:
        return max(left, right)
    return min(left, right, key=lambda one: (int(hash64([one[1]])[0]), one[1]))
