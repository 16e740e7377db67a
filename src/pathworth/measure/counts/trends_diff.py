"""How the series of two selections differ: totals, events of a period and of an entity, sums and means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Engine, Journeys, Part
from pathworth.kernels.folds.counting import COLUMNS, ENTITIES, EVENTS, KNOWN, KNOWN_BY
from pathworth.measure.asking import Pair
from pathworth.measure.contracts import Difference
from pathworth.measure.counts.points import Selection
from pathworth.measure.counts.tally import Tallies, TrendPlan, limbs
from pathworth.measure.counts.trends_answer import TrendDiff, Trends, TrendsDiff
from pathworth.measure.diff.sides import (
    Each,
    by_unit,
    interval_of,
    marks,
    rows_by_entity,
    shared,
    with_events,
)
from pathworth.measure.diff.wording import EVENTS as IN_EVENTS, Kind, amounts, said
from pathworth.measure.intervals import FEW_UNITS

Counts = NDArray[np.int64]
Statistic = Callable[[NDArray], NDArray]
_WHOLE = COLUMNS
"""After the columns of a cell stand the events of its whole periods."""


def compared(
    answers: tuple[Trends, Trends],
    plans: tuple[TrendPlan | None, TrendPlan | None],
    *,
    pair: Pair,
    engine: Engine,
) -> TrendsDiff:
    """Return two answers with how B differs from A."""
    a, b = plans
    both = shared(*(marks(one, with_events, engine=engine) for one in pair))
    if a is None or b is None:
        return TrendsDiff(*answers, (), both)
    table = _totals((a, b), pair, engine)
    kind = amounts(answers[0].currency or answers[1].currency)
    series = tuple(
        _step(Totals(table[:, :, step], (a, b)), name=one.name, kind=kind)
        for step, one in enumerate(a.steps)
    )
    return TrendsDiff(*answers, series, both)


@dataclass(frozen=True)
class Totals:
    """What each group, or each entity of small selections, adds on both sides, int64[G, 2, COLUMNS + 1]."""

    table: Counts
    plans: tuple[TrendPlan, TrendPlan]

    def of(self, one: Statistic, *, kind: Kind, units: int = ENTITIES, total: bool) -> Difference:
        """Return how a number of one side, float64[...] from int64[..., columns], differs.

        A ``total`` without one group is brought to the size of all groups.
        """
        whole = self.table.sum(axis=0)
        few = int(whole[:, units].min()) < FEW_UNITS
        groups = len(self.table)
        grown = groups / (groups - 1) if total and groups > 1 else 1.0

        def gap(table: NDArray) -> NDArray:
            values = one(table)
            return np.atleast_1d(values[1] - values[0])

        with np.errstate(divide="ignore", invalid="ignore"):
            sides = [float(value) if np.isfinite(value) else None for value in one(whole)]
            found = None if few else interval_of(self.table, gap)[0]
        if found is not None and sides[0] is not None and sides[1] is not None:
            middle = sides[1] - sides[0]
            found = middle + grown * (found[0] - middle), middle + grown * (found[1] - middle)
        return said(sides[0], sides[1], interval=found, kind=kind)


def _step(totals: Totals, *, name: str, kind: Kind) -> TrendDiff:
    """Return how one step differs."""
    lengths = np.array([len(plan.spans.whole) for plan in totals.plans], np.float64)
    adds = totals.plans[0].amount is not None

    def mean(table: NDArray) -> NDArray:
        found: NDArray = limbs(table) / table[..., KNOWN]
        return found

    return TrendDiff(
        name,
        totals.of(lambda t: t[..., EVENTS].astype(np.float64), kind=IN_EVENTS, total=True),
        totals.of(lambda t: t[..., _WHOLE] / lengths, kind=IN_EVENTS, total=True),
        totals.of(lambda t: t[..., EVENTS] / t[..., ENTITIES], kind=IN_EVENTS, total=False),
        totals.of(limbs, kind=kind, units=KNOWN_BY, total=True) if adds else None,
        totals.of(mean, kind=kind, units=KNOWN_BY, total=False) if adds else None,
    )


def _totals(plans: tuple[TrendPlan, TrendPlan], pair: Pair, engine: Engine) -> Counts:
    """Return int64[G, 2, steps, COLUMNS + 1]."""
    sizes = [engine.total(one, Selection()) for one in pair]
    if not by_unit(*sizes):
        sides = [_groups(plan, one, engine) for plan, one in zip(plans, pair, strict=True)]
        return np.stack(sides, axis=1)
    each = [
        (one, Each(with_events, partial(_of_one, replace(plan, groups=1))))
        for plan, one in zip(plans, pair, strict=True)
    ]
    return rows_by_entity(each, engine=engine).reshape(-1, 2, len(plans[0].steps), COLUMNS + 1)


def _of_one(plan: TrendPlan, part: Part) -> Counts:
    """Return int64[steps, COLUMNS + 1] of an entity."""
    return _row(plan, plan.fold(part).table[0])


def _groups(plan: TrendPlan, journeys: Journeys, engine: Engine) -> Counts:
    """Return int64[groups, steps, COLUMNS + 1]."""
    found: Tallies = engine.total(journeys, plan)
    return _row(plan, found.table)


def _row(plan: TrendPlan, table: Counts) -> Counts:
    """Return int64[..., steps, COLUMNS + 1] of the whole from int64[..., rows, steps, P + 1, columns]."""
    every = table[..., 0, :, :, :]
    out = np.zeros((*every.shape[:-2], COLUMNS + 1), np.int64)
    out[..., : every.shape[-1]] = every[..., -1, :]
    out[..., _WHOLE] = every[..., plan.spans.whole, EVENTS].sum(axis=-1)
    return out
