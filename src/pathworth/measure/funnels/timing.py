"""When the steps of a funnel are reached: medians of those who got there, or curves of everybody."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pathworth.measure.funnels.answer import FunnelStep, Survival
from pathworth.measure.funnels.folds import Outcomes, Times
from pathworth.measure.funnels.owners import EachFate, Owner, fates_of
from pathworth.measure.funnels.plan import end_of
from pathworth.measure.funnels.rows import Making, Rows
from pathworth.measure.funnels.survival import Curve, greenwood, jackknifed, survival_of
from pathworth.measure.intervals import median

Counts = NDArray[np.int64]
_MS = 1_000.0


def with_medians(making: Making, rows: list[Rows], *, owners: Counts) -> list[Rows]:
    """Return the rows of every part with the median time of those who reached each step.

    Parameters
    ----------
    making
        What rows are made from.
    rows
        Of every part, the whole last.
    owners
        int64[parts, steps]: persons behind each number.
    """
    times = making.engine.total(making.journeys, Times(making.plan, making.parts))
    bins = making.with_whole(times, axis=0)
    return [
        tuple(
            _timed(row, bins[part, k], mine[0].entities, int(owners[part, k])) if k else row
            for k, row in enumerate(mine)
        )
        for part, mine in enumerate(rows)
    ]


def _timed(row: FunnelStep, bins: Counts, first: int, owners: int) -> FunnelStep:
    middle, low, high = median(bins, owners)
    return replace(
        row,
        median_seconds=None if middle is None else middle / _MS,
        median_interval=None if low is None or high is None else (low / _MS, high / _MS),
        censored=first - row.entities,
    )


def with_survival(making: Making, rows: list[Rows], *, owners: Counts) -> list[Rows]:
    """Return the rows of every part with when each step is reached; parameters as ``with_medians``."""
    fates = _fates(making, few=making.few_persons(np.stack([owners, owners])))
    return [
        tuple(
            replace(row, survival=fates.survival(part, k, owners=int(owners[part, 0])))
            if k
            else row
            for k, row in enumerate(mine)
        )
        for part, mine in enumerate(rows)
    ]


@dataclass(frozen=True)
class _Fates:
    """What became of units, int64[parts, steps, 3, BINS]; by group, and by person if there are few, for intervals."""

    counts: Counts
    groups: Counts | None
    each: list[Owner]
    parts: int

    def survival(self, part: int, step: int, *, owners: int) -> Survival:
        """Return when a step is reached by the units of a part."""
        mine = self.counts[part, step]
        curve = self._curve(part, step)
        return survival_of(mine, curve, owners=owners, units=self.groups is not None)

    def _curve(self, part: int, step: int) -> Curve:
        if self.groups is None:
            return greenwood(self.counts[part, step])
        if not self.each:
            return jackknifed(self.groups[:, part, step])
        only = None if part == len(self.counts) - 1 else part
        return jackknifed(fates_of(self.each, part=only, step=step))


def _fates(making: Making, *, few: bool) -> _Fates:
    asked = making.plan, making.parts, end_of(making.journeys)
    question, each = Outcomes(*asked), []
    if not making.units:
        counts = making.engine.total(making.journeys, question)
        return _Fates(making.with_whole(counts, axis=0), None, [], making.width)
    folded: list[Counts] = making.engine.fold(making.journeys, question)
    groups = making.with_whole(np.stack(folded), axis=1)
    if few:
        each = making.engine.total(making.journeys, EachFate(*asked))
    return _Fates(groups.sum(axis=0), groups, each, making.width)
