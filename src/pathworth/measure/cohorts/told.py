"""Money per entity with its interval, and who carries much of it, from what groups add."""

from __future__ import annotations

from functools import reduce

import numpy as np
from numpy.typing import NDArray

from pathworth.base.money import MICRO
from pathworth.journeys import Engine, Journeys
from pathworth.measure.cohorts.answer import CohortAge
from pathworth.measure.cohorts.folds import SIZE, BestOf, Counts, Earned, Earnings, per_unit
from pathworth.measure.diff.sides import MOST_UNITS
from pathworth.measure.flow.contracts import Carrier
from pathworth.measure.flow.edges import LARGE_SHARE
from pathworth.measure.intervals import FEW_FOR_GROUPS, FEW_UNITS, TOO_FEW, jackknife

Numbers = NDArray[np.float64]
Carriers = dict[tuple[int, int], Carrier]
NOT_OVER = "not over"


def ages_of(
    journeys: Journeys, plan: Earnings, *, engine: Engine
) -> tuple[Counts, list[tuple[CohortAge, ...]]]:
    """Return the sizes of all cohorts, int64[C, 2], and the ages of each."""
    groups = engine.fold(journeys, plan)
    whole = reduce(plan.merge, groups)
    enough = np.flatnonzero(whole.sizes[:, SIZE] >= FEW_UNITS)
    money, sizes = _totals(journeys, plan, groups, enough, engine)
    low, high = _intervals(money, sizes)
    carriers = _carriers(journeys, plan, _Heavy(whole, money, enough), engine)
    bounds = np.full((2, *whole.money.shape), np.nan)
    bounds[:, enough] = low, high
    ages = [_ages(plan, whole, bounds, cohort, carriers) for cohort in range(len(plan.labels))]
    return whole.sizes, ages


def _totals(
    journeys: Journeys, plan: Earnings, groups: list[Earned], enough: Counts, engine: Engine
) -> tuple[Numbers, Counts]:
    """Return what each group adds to some cohorts, or each entity of a small selection."""
    sizes = np.stack([one.sizes[:, SIZE] for one in groups])
    every = int(sizes.sum())
    hollow = (sizes.sum(axis=1) == 0).any() and every <= MOST_UNITS
    if len(enough) and (every < FEW_FOR_GROUPS or hollow):
        return per_unit(journeys, plan, cohorts=enough, engine=engine)
    return np.stack([one.money[enough] for one in groups]), sizes[:, enough]


def _intervals(money: Numbers, sizes: Counts) -> tuple[Numbers, Numbers]:
    """Return the ends of the intervals of money per entity, float64[c, A] each, in units of the currency."""
    totals = np.concatenate([money / MICRO, sizes[..., None]], axis=2)
    if not totals.shape[1] or len(totals) < 2:
        none = np.full((totals.shape[1], totals.shape[2] - 1), np.nan)
        return none, none

    def mean(t: NDArray) -> NDArray:
        found: NDArray = t[:, :-1] / t[:, -1:]
        return found

    _, low, high = jackknife(totals, mean, log=True)
    return low, high


class _Heavy:
    """Cells in which one group, and so perhaps one entity, carries much of the money."""

    def __init__(self, whole: Earned, money: Numbers, enough: Counts) -> None:
        self.sums = whole.money
        heavy = money.max(axis=0, initial=0.0) > LARGE_SHARE * money.sum(axis=0)
        rows, ages = np.nonzero(heavy)
        self.cells: Counts = enough[rows] * self.sums.shape[1] + ages


def _carriers(journeys: Journeys, plan: Earnings, heavy: _Heavy, engine: Engine) -> Carriers:
    """Return who carries more than 5 % of the money of a cell, by cohort and age."""
    wanted = heavy.cells[plan.known.ravel()[heavy.cells]]
    if not len(wanted):
        return {}
    best = engine.total(journeys, BestOf(plan, wanted))
    sums = heavy.sums.ravel()[wanted]
    found = {}
    for cell, micro, name, total in zip(wanted, best.micro, best.ids, sums, strict=True):
        if total > 0 and micro > LARGE_SHARE * total:
            found[divmod(int(cell), plan.ages)] = Carrier(name, float(micro / total))
    return found


def _ages(
    plan: Earnings, whole: Earned, bounds: Numbers, cohort: int, carriers: Carriers
) -> tuple[CohortAge, ...]:
    size = int(whole.sizes[cohort, SIZE])
    made = []
    for age in range(plan.length(cohort)):
        if not plan.over(cohort, age) or not size:
            made.append(CohortAge(age, None, None, None, NOT_OVER if size else TOO_FEW))
            continue
        low, high = (float(one) for one in bounds[:, cohort, age])
        known = bool(np.isfinite([low, high]).all())
        made.append(
            CohortAge(
                age,
                float(whole.money[cohort, age]) / MICRO / size,
                (low, high) if known else None,
                int(whole.payers[cohort, age]),
                None if known else TOO_FEW,
                carriers.get((cohort, age)) if known else None,
            )
        )
    return tuple(made)
