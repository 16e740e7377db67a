"""The rows of a funnel: shares and how sure they are, made from counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Engine, Journeys
from pathworth.measure.contracts import Interval
from pathworth.measure.funnels.answer import FunnelStep
from pathworth.measure.funnels.folds import Reached
from pathworth.measure.funnels.owners import EachOwner, Owner, share_intervals, totals_of
from pathworth.measure.funnels.plan import FunnelPlan
from pathworth.measure.intervals import FEW_FOR_GROUPS, FEW_UNITS, TOO_FEW, wilson
from pathworth.measure.split import Parts

Counts = NDArray[np.int64]
Rows = tuple[FunnelStep, ...]


@dataclass(frozen=True)
class Making:
    """What rows are made from: the funnel, its parts, whose journeys, and where folds run."""

    plan: FunnelPlan
    parts: Parts | None
    journeys: Journeys
    engine: Engine

    @property
    def width(self) -> int:
        """Return how many parts there are."""
        return 1 if self.parts is None else self.parts.split.parts

    @property
    def units(self) -> bool:
        """Return whether what is counted lies inside journeys, so that persons are the units of intervals."""
        return self.plan.each or self.journeys.slicing is not None

    def with_whole(self, counts: Counts, *, axis: int) -> Counts:
        """Return counts of parts, and as one more part their sum, if there are parts."""
        if self.parts is None:
            return counts
        return np.concatenate([counts, counts.sum(axis=axis, keepdims=True)], axis=axis)

    def few_persons(self, counts: Counts) -> bool:
        """Return whether so few persons took the first step, of int64[2, parts, steps], that each is a group."""
        return int(counts[1, -1, 0]) < FEW_FOR_GROUPS

    def counts(self) -> tuple[Counts, list[list[Interval | None]]]:
        """Return int64[2, parts, steps] of units and of persons, the whole last, and the interval of every share."""
        question = Reached(self.plan, self.parts)
        if not self.units:
            whole = self.with_whole(self.engine.total(self.journeys, question), axis=1)
            return whole, [_wilson(row) for row in whole[0].tolist()]
        folded: list[Counts] = self.engine.fold(self.journeys, question)
        groups = np.stack(folded)
        whole = self.with_whole(groups.sum(axis=0), axis=1)
        totals = groups[:, 0]
        if self.few_persons(whole):
            each: list[Owner] = self.engine.total(self.journeys, EachOwner(self.plan, self.parts))
            totals = totals_of(each, parts=self.width, steps=self.plan.width)
        return whole, share_intervals(self.with_whole(totals, axis=1), whole)

    def rows(self, counts: Counts, intervals: list[Interval | None]) -> Rows:
        """Return the rows of a part from int64[2, steps] of units and of persons."""
        units, owners = counts.tolist()
        rows = []
        for k, step in enumerate(self.plan.steps):
            before = units[self.plan.needed_before(k)]
            rows.append(
                FunnelStep(
                    name=step.name,
                    entities=units[k],
                    from_first=units[k] / units[0] if units[0] else None,
                    from_previous=units[k] / before if before else None,
                    interval=intervals[k],
                    why=TOO_FEW if owners[0] < FEW_UNITS else None,
                    optional=None if self.plan.needed[k] else True,
                    owners=owners[k] if self.units else None,
                )
            )
        return tuple(rows)


def _wilson(counts: list[int]) -> list[Interval | None]:
    """Return Wilson's interval of every share of the first step, which is 1 by definition."""
    if counts[0] < FEW_UNITS:
        return [None] * len(counts)
    return [wilson(n, counts[0]) if k else (1.0, 1.0) for k, n in enumerate(counts)]
