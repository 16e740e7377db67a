"""How many come back, compared between two selections."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Engine, Journeys, Part
from pathworth.measure.diff.sides import (
    Each,
    Marks,
    by_unit,
    interval_of,
    marks,
    rows_by_entity,
    shared,
)
from pathworth.measure.diff.wording import POINTS, said
from pathworth.measure.intervals import FEW_UNITS
from pathworth.measure.returns.comings import Comings, all_time
from pathworth.measure.returns.contracts import Retention, RetentionCellDiff

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Side:
    """One side of the comparison."""

    journeys: Journeys
    plan: Comings
    answer: Retention

    def began(self, part: Part) -> Marks:
        """Return uint8[n]: not 0 for an entity that began in a period asked about."""
        return self.plan.marks(part)

    @property
    def size(self) -> int:
        """Return how many entities the cohorts have."""
        return sum(one.size for one in self.answer.cohorts)

    @property
    def over(self) -> Counts:
        """Return int64[P, cells]: 1 where a cell has a number."""
        plan = self.plan
        known = [
            [plan.is_known(cohort, k) for k in range(plan.length_of_all)]
            for cohort in range(plan.edges.periods)
        ]
        return np.array(known, np.int64)

    def row(self, folded: Counts, over: Counts) -> Counts:
        """Return int64[cells, 2] from what was folded: who came back, of those whose cell is over."""
        cells = self.plan.cells(folded)[0]
        came = (cells * over).sum(axis=0)
        could = (cells[:, :1] * over).sum(axis=0)
        return np.stack([came, could], axis=1)

    def groups(self, engine: Engine) -> Counts:
        """Return int64[64, cells, 2] by group."""
        over = self.over
        found = engine.fold(all_time(self.journeys), self.plan)
        return np.stack([self.row(one, over) for one in found])

    def each(self, cells: int) -> Each:
        """Return what gives int64[cells, 2] of every entity of the cohorts."""
        over = self.over
        return Each(self.began, lambda part: self.row(self.plan.fold(part), over)[:cells])


def compared(
    sides: tuple[Side, Side], *, engine: Engine
) -> tuple[tuple[RetentionCellDiff, ...], int]:
    """Return the difference of every number of periods, and how many entities began on both sides."""
    both = shared(*(marks(all_time(one.journeys), one.began, engine=engine) for one in sides))
    return _cells(_totals(sides, engine)), both


def _totals(sides: tuple[Side, Side], engine: Engine) -> Counts:
    """Return int64[units, 2, cells, 2] of the cells that both sides have."""
    cells = min(one.plan.length_of_all for one in sides)
    if not by_unit(sides[0].size, sides[1].size):
        return np.stack([one.groups(engine)[:, :cells] for one in sides], axis=1)
    each = [(all_time(one.journeys), one.each(cells)) for one in sides]
    return rows_by_entity(each, engine=engine)


def _cells(totals: Counts) -> tuple[RetentionCellDiff, ...]:
    """Return the difference of every cell but the first, which is whole by definition."""
    whole = totals.sum(axis=0)

    def gap(t: NDArray) -> NDArray:
        found: NDArray = t[1, :, 0] / t[1, :, 1] - t[0, :, 0] / t[0, :, 1]
        return found

    with np.errstate(divide="ignore", invalid="ignore"):
        intervals = interval_of(totals, gap)
    made = []
    for k in range(1, whole.shape[1]):
        (came_a, size_a), (came_b, size_b) = (tuple(map(int, side)) for side in whole[:, k])
        if not size_a and not size_b:
            continue
        few = min(size_a, size_b) < FEW_UNITS
        shares = [
            came / size if size else None for came, size in ((came_a, size_a), (came_b, size_b))
        ]
        share = said(shares[0], shares[1], interval=None if few else intervals[k], kind=POINTS)
        made.append(RetentionCellDiff(k, size_a, size_b, share))
    return tuple(made)
