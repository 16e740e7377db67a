"""How many come back, compared between two selections."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Engine, Journeys, Part, local_engine
from pathworth.measure.contracts import Retention, RetentionCellDiff, RetentionDiff
from pathworth.measure.diff.sides import Marks, by_unit, interval_of, marks, shared
from pathworth.measure.diff.wording import POINTS, said
from pathworth.measure.intervals import FEW_UNITS
from pathworth.measure.returns.comings import Comings, all_time
from pathworth.measure.returns.retention import check_retention, retention

Counts = NDArray[np.int64]
Pair = tuple[Journeys, Journeys]
UnitRow = tuple[str, Counts]


def retention_diff(
    pair: Pair,
    *,
    start: str | None = None,
    return_: str | None = None,
    period: str = "month",
    mode: str = "calendar",
    engine: Engine | None = None,
) -> RetentionDiff:
    """Compare how many came back after each number of periods, over all cohorts whose cell is over, B less A.

    Parameters
    ----------
    pair
        A and B, of one snapshot.
    start, return_, period, mode, engine
        As ``retention`` takes them.

    Raises
    ------
    Refused
        As ``retention``.
    """
    runs = engine or local_engine()
    a, b = (
        retention(one, start=start, return_=return_, period=period, mode=mode, engine=runs)
        for one in pair
    )
    plans = [
        check_retention(one, start=start, return_=return_, period=period, mode=mode) for one in pair
    ]
    if plans[0] is None or plans[1] is None:
        return RetentionDiff(a, b, (), 0)
    sides = (
        Side(pair[0], plans[0], over_of(plans[0]), a),
        Side(pair[1], plans[1], over_of(plans[1]), b),
    )
    both = shared(*(marks(all_time(one.journeys), one.began, engine=runs) for one in sides))
    return RetentionDiff(a, b, _cells(_totals(sides, runs)), both)


def over_of(plan: Comings) -> Counts:
    """Return int64[P, cells]: 1 where a cell exists and is over."""
    found = np.zeros((plan.edges.periods, plan.cells), np.int64)
    for cohort in range(plan.edges.periods):
        for k in range(min(plan.length(cohort), plan.cells)):
            found[cohort, k] = plan.over(cohort, k)
    return found


@dataclass(frozen=True)
class Side:
    """One side of the comparison; ``over`` is int64[P, cells], 1 where a cell is over."""

    journeys: Journeys
    plan: Comings
    over: Counts
    answer: Retention

    def began(self, part: Part) -> Marks:
        """Return uint8[n]: 1 for an entity that began in a period asked about."""
        found: Marks = (self.plan.with_cohorts(part)[1] >= 0).astype(np.uint8)
        return found

    @property
    def size(self) -> int:
        """Return how many entities the cohorts have."""
        return sum(one.size for one in self.answer.cohorts)

    def row(self, cells: Counts) -> Counts:
        """Return int64[cells, 2] from int64[P, cells]: who came back, of those whose cell is over."""
        came = (cells * self.over).sum(axis=0)
        could = (cells[:, :1] * self.over).sum(axis=0)
        return np.stack([came, could], axis=1)

    def groups(self, engine: Engine) -> Counts:
        """Return int64[64, cells, 2] by group."""
        found = engine.fold(all_time(self.journeys), self.plan)
        return np.stack([self.row(one.cells(self.plan.mode)) for one in found])

    def units(self, engine: Engine) -> list[UnitRow]:
        """Return int64[cells, 2] of every entity of the cohorts, with its id."""
        return engine.total(all_time(self.journeys), EachRow(self))


@dataclass(frozen=True)
class EachRow:
    """What every entity of the cohorts adds."""

    side: Side

    def fold(self, part: Part) -> list[UnitRow]:
        """Return a row for each entity of a part that began."""
        rows: list[UnitRow] = []
        plan = self.side.plan
        for e in np.flatnonzero(self.side.began(part)):
            place = part.first + int(e)
            alone = plan.fold(replace(part, first=place, last=place + 1))
            rows.append((part.shard.id_of(place), self.side.row(alone.cells(plan.mode))))
        return rows

    def merge(self, left: list[UnitRow], right: list[UnitRow]) -> list[UnitRow]:
        """Join two lists."""
        return left + right


def _totals(sides: tuple[Side, Side], engine: Engine) -> Counts:
    """Return int64[units, 2, cells, 2] of the cells that both sides have."""
    cells = min(one.plan.cells for one in sides)
    if not by_unit(sides[0].size, sides[1].size):
        return np.stack([one.groups(engine)[:, :cells] for one in sides], axis=1)
    rows: dict[str, Counts] = {}
    for k, side in enumerate(sides):
        for name, row in side.units(engine):
            rows.setdefault(name, np.zeros((2, cells, 2), np.int64))[k] = row[:cells]
    return np.array([rows[name] for name in sorted(rows)], np.int64).reshape(-1, 2, cells, 2)


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
