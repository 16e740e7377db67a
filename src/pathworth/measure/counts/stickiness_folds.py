"""The fold of stickiness: in how many periods entities are active, and the means of two selections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Engine, Lane, Part, Step, hit_lane
from pathworth.kernels.folds.counting import periods_seen
from pathworth.measure.asking import Mask, Pair
from pathworth.measure.contracts import Interval
from pathworth.measure.counts.points import Selection
from pathworth.measure.counts.spans import Spans
from pathworth.measure.counts.stickiness_answer import StickinessLevel
from pathworth.measure.counts.tally import groups_of
from pathworth.measure.diff.sides import Each, by_unit, rows_by_entity, with_events
from pathworth.measure.intervals import (
    FEW_FOR_GROUPS,
    FEW_UNITS,
    TOO_FEW,
    jackknife_of_means,
    wilson,
)
from pathworth.measure.split import Parts
from pathworth.store import GROUPS

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class PeriodsOfEach:
    """Entities by group, part of a trait and number of periods, int64[GROUPS, parts, P + 1]; 0 stays empty."""

    roles: tuple[Step, ...]
    spans: Spans
    parts: Parts | None

    @property
    def width(self) -> int:
        """Return how many parts there are."""
        return 1 if self.parts is None else self.parts.split.parts

    def of(self, part: Part) -> tuple[Lane, NDArray[np.int32]]:
        """Return the lane of a part, and int32[n]: in how many periods each entity is active."""
        lane = hit_lane(part, self.roles)
        out = np.empty(lane.units, np.int32)
        active = (lane.table & 1).astype(np.uint8)
        read = (lane.offset, lane.codes, active, lane.time_us, lane.keep)
        periods_seen(*read, self.spans.edges_us, out)
        return lane, out

    def fold(self, part: Part) -> Counts:
        """Count the entities of a part."""
        return self.fold_all([part])

    def fold_all(self, parts: Sequence[Part]) -> Counts:
        """Count the entities of several parts in one table."""
        table = np.zeros((GROUPS, self.width, self.spans.periods + 1), np.int64)
        for part in parts:
            lane, seen = self.of(part)
            mine = 0 if self.parts is None else self.parts.of(part, lane).astype(np.int64)
            place = (groups_of(part) * self.width + mine) * table.shape[2] + seen
            table += np.bincount(place, minlength=table.size).reshape(table.shape)
        table[:, :, 0] = 0
        return table

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two tables."""
        return left + right


@dataclass(frozen=True)
class InPeriods:
    """Entities active in so many periods, or in more as well, in one part of a trait if there is one."""

    plan: PeriodsOfEach
    periods: int
    more: bool
    part: int | None

    def chosen(self, part: Part) -> Mask:
        """Return bool[n]."""
        lane, seen = self.plan.of(part)
        found: Mask = seen >= self.periods if self.more else seen == self.periods
        if self.part is not None and self.plan.parts is not None:
            found &= self.plan.parts.of(part, lane) == self.part
        return found


@dataclass(frozen=True)
class SumOfPeriods:
    """Periods of all active entities, and how many entities those are, int64[2]."""

    plan: PeriodsOfEach

    def fold(self, part: Part) -> Counts:
        """Add up the periods of a part."""
        seen = self.plan.of(part)[1]
        return np.array([seen.sum(dtype=np.int64), np.count_nonzero(seen)], np.int64)

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two partials."""
        return left + right


def levels_of(
    groups: Counts,
) -> tuple[int, float | None, Interval | None, str | None, tuple[StickinessLevel, ...]]:
    """Return entities, mean with its interval, why there is none, and levels, from int64[groups, P + 1]."""
    counts = groups.sum(axis=0)
    size = np.arange(len(counts))
    entities = int(counts.sum())
    if not entities:
        return 0, None, None, TOO_FEW, ()
    at_least = counts[::-1].cumsum()[::-1].tolist()
    few = entities < FEW_UNITS
    levels = tuple(
        StickinessLevel(
            k,
            int(counts[k]),
            at_least[k],
            at_least[k] / entities,
            None if few else wilson(at_least[k], entities),
            TOO_FEW if few else None,
        )
        for k in range(1, int(np.flatnonzero(counts).max()) + 1)
    )
    interval = None if few else _mean_interval(groups, size)
    mean = int((counts * size).sum()) / entities
    return entities, mean, interval, None if interval else TOO_FEW, levels


def _mean_interval(groups: Counts, size: Counts) -> Interval | None:
    """Return the jackknife interval of the mean number of periods; each of few entities is its own group."""
    sums, units = (groups * size).sum(axis=1), groups.sum(axis=1)
    if units.sum() < FEW_FOR_GROUPS or (units == 0).any():
        sums = np.repeat(size, groups.sum(axis=0))
        units = np.ones(len(sums), np.int64)
    _, low, high = jackknife_of_means(sums[:, None], units[:, None])
    return (float(low[0]), float(high[0])) if np.isfinite([low[0], high[0]]).all() else None


def both_sides(plans: list[PeriodsOfEach | None], pair: Pair, *, engine: Engine) -> Counts:
    """Return int64[units, 2, 2]: periods and entities of each group, or of each entity of small selections."""
    if not by_unit(*(engine.total(one, Selection()) for one in pair)):
        none = np.zeros((GROUPS, 2), np.int64)
        sides = []
        for one, plan in zip(pair, plans, strict=True):
            found: list[Counts] = [] if plan is None else engine.fold(one, SumOfPeriods(plan))
            sides.append(np.stack(found) if found else none)
        return np.stack(sides, axis=1)
    each = [
        (one, Each(with_events, _nothing if plan is None else SumOfPeriods(plan).fold))
        for one, plan in zip(pair, plans, strict=True)
    ]
    return rows_by_entity(each, engine=engine).reshape(-1, 2, 2)


def _nothing(_: Part) -> Counts:
    """Return that there are no periods, whoever is in a part."""
    return np.zeros(2, np.int64)
