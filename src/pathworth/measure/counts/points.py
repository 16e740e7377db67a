"""From counts by group to points with their intervals, many cells at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Engine, Journeys, Part, state_lane
from pathworth.kernels.folds.counting import ENTITIES, EVENTS, HIGH, KNOWN, KNOWN_BY, LOW
from pathworth.measure.contracts import Interval
from pathworth.measure.counts.tally import EachUnit, Sparse, Tallies, TrendPlan, limbs
from pathworth.measure.counts.trends_answer import Amounts, TrendPoint, TrendWhole
from pathworth.measure.diff.sides import MOST_UNITS
from pathworth.measure.flow.contracts import Carrier
from pathworth.measure.flow.edges import LARGE_SHARE
from pathworth.measure.intervals import (
    FEW_FOR_GROUPS,
    FEW_UNITS,
    TOO_FEW,
    jackknife_of_means,
    jackknife_of_sums,
)

Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]
_CHUNK = 1_000
"""So many cells get their intervals at a time, which bounds what their groups take in memory."""


@dataclass(frozen=True)
class Points:
    """Counts of all cells, and the intervals of their rates; cells are rows x steps x periods, all periods last."""

    plan: TrendPlan
    totals: Counts
    tallies: Tallies
    per_entity: Numbers
    sums: Numbers
    means: Numbers

    def whole(self, row: int, step: int) -> TrendWhole:
        """Return the counts of one row over all periods."""
        place = self.plan.spans.periods
        return TrendWhole(*self._counted(row, step, place), **self._more(row, step, place))

    def points(self, row: int, step: int) -> tuple[TrendPoint, ...]:
        """Return the periods of one row."""
        spans = self.plan.spans
        return tuple(
            TrendPoint(
                start,
                *self._counted(row, step, place),
                spans.over(place),
                spans.cut(place),
                **self._more(row, step, place),
            )
            for place, start in enumerate(spans.starts)
        )

    def _counted(
        self, row: int, step: int, place: int
    ) -> tuple[int, int, float | None, Interval | None, str | None]:
        """Return events, entities, events per entity, its interval, and why there is none."""
        events, entities = self.totals[row, step, place, :2].tolist()
        at = self.per_entity[row, step, place]
        interval = _interval(at) if entities >= FEW_UNITS else None
        rate = events / entities if entities else None
        return events, entities, rate, interval, None if interval else TOO_FEW

    def _more(self, row: int, step: int, place: int) -> dict[str, Any]:
        """Return what is added up, and how often entities stand in several parts."""
        again = None
        if row == 0 and self.plan.parts.split is not None:
            counted = self.totals[:, step, place, ENTITIES]
            again = int(counted[1:].sum() - counted[0])
        return {"amounts": self._amounts((row, step, place)), "overlap": again}

    def _amounts(self, cell: tuple[int, int, int]) -> Amounts | None:
        if self.plan.amount is None:
            return None
        counts = self.totals[cell].tolist()
        total = ((counts[HIGH] << 32) + counts[LOW]) / 1e6
        known, owners = counts[KNOWN], counts[KNOWN_BY]
        enough = owners >= FEW_UNITS
        of_sum = _interval(self.sums[cell]) if enough else None
        of_mean = _interval(self.means[cell]) if enough else None
        return Amounts(
            known,
            owners,
            total,
            of_sum,
            total / known if known else None,
            of_mean,
            None if of_sum and of_mean else TOO_FEW,
            self._carrier(cell, total) if of_sum else None,
        )

    def _carrier(self, cell: tuple[int, int, int], total: float) -> Carrier | None:
        """Return who carries much of a sum, null for nobody."""
        largest = self.tallies.largest
        if largest is None or total <= 0:
            return None
        high, low = largest.limbs[cell].tolist()
        share = ((high << 32) + low) / 1e6 / total
        return Carrier(largest.ids[cell], share) if share > LARGE_SHARE else None


def _interval(bounds: Numbers) -> Interval | None:
    low, high = bounds.tolist()
    return (low, high) if np.isfinite([low, high]).all() else None


def points_of(plan: TrendPlan, journeys: Journeys, *, engine: Engine) -> Points:
    """Return the counts of a plan with the intervals of their rates."""
    found: Tallies = engine.total(journeys, plan)
    units = units_of(plan, found, journeys=journeys, engine=engine)
    cells = found.units.shape[1]
    bounds = np.full((3, cells, 2), np.nan)
    for first in range(0, cells, _CHUNK):
        some = _dense(units, first, min(first + _CHUNK, cells))
        if len(some) > 1:
            bounds[:, first : first + _CHUNK] = _bounds(some)
    shape = (*plan.shape, 2)
    return Points(plan, found.table.sum(axis=0), found, *(one.reshape(shape) for one in bounds))


def units_of(
    plan: TrendPlan, found: Tallies, *, journeys: Journeys, engine: Engine
) -> Counts | list[Sparse]:
    """Return the counts of each group, or of each entity of a small selection."""
    every = found.table[:, 0, :, -1, ENTITIES]
    full = bool(every.any(axis=1).all())
    if full and int(every.sum(axis=0).max()) >= FEW_FOR_GROUPS:
        return found.units
    units: int = engine.total(journeys, Selection())
    if units < FEW_FOR_GROUPS or (not full and units <= MOST_UNITS):
        singles: list[Sparse] = engine.units(journeys, EachUnit(plan))
        return singles
    return found.units


@dataclass(frozen=True)
class Selection:
    """How many entities have a kept event."""

    def fold(self, part: Part) -> int:
        """Count the entities of a part."""
        return int(np.count_nonzero(state_lane(part).kept_units()))

    def merge(self, left: int, right: int) -> int:
        """Add two counts."""
        return left + right


def _dense(units: Counts | list[Sparse], first: int, last: int) -> Counts:
    """Return int64[units, cells, columns] of some cells."""
    if not isinstance(units, list):
        return units[:, first:last]
    columns = units[0].values.shape[1] if units else 2
    table = np.zeros((len(units), last - first, columns), np.int64)
    for place, one in enumerate(units):
        a, b = np.searchsorted(one.cells, (first, last))
        table[place, one.cells[a:b] - first] = one.values[a:b]
    return table


def _bounds(some: Counts) -> Numbers:
    """Return float64[3, cells, 2]: bounds of events per entity, of sums and of means."""
    found = np.full((3, some.shape[1], 2), np.nan)
    _, *per_entity = jackknife_of_means(some[..., EVENTS], some[..., ENTITIES])
    found[0] = np.stack(per_entity, axis=1)
    if some.shape[2] > 2:
        sums = limbs(some)
        found[1] = np.stack(jackknife_of_sums(sums)[1:], axis=1)
        _, *means = jackknife_of_means(sums, some[..., KNOWN])
        found[2] = np.stack(means, axis=1)
    return found
