"""Money per entity by age, compared between two selections over all cohorts for which the age is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.base.money import MICRO
from pathworth.journeys import Engine, Journeys, Part
from pathworth.measure.asking import Pair
from pathworth.measure.cohorts import rules
from pathworth.measure.cohorts.answer import CohortAgeDiff, Cohorts
from pathworth.measure.cohorts.folds import SIZE, Counts, EachMoney, Earned, Earnings
from pathworth.measure.diff.sides import Marks, by_unit, interval_of, marks, shared
from pathworth.measure.diff.wording import amounts, said
from pathworth.measure.intervals import FEW_UNITS
from pathworth.measure.returns.comings import all_time

Numbers = NDArray[np.float64]
Rows = list[tuple[str, Numbers]]


@dataclass(frozen=True)
class Side:
    """One side: its selection, its fold, and how many its cohorts hold."""

    journeys: Journeys
    plan: Earnings
    size: int

    def began(self, part: Part) -> Marks:
        """Return uint8[n]: 1 for an entity of a cohort."""
        found: Marks = (self.plan.seen(part).cohort >= 0).astype(np.uint8)
        return found

    def row(self, money: Numbers, sizes: Counts) -> Numbers:
        """Return float64[A, 2]: money, and entities for which the age is over, from those of the cohorts."""
        known = self.plan.known
        return np.stack([(money * known).sum(axis=0) / MICRO, sizes @ known], axis=1)

    def groups(self, engine: Engine) -> Numbers:
        """Return float64[64, A, 2] by group."""
        found: list[Earned] = engine.fold(self.journeys, self.plan)
        return np.stack([self.row(one.money, one.sizes[:, SIZE]) for one in found])

    def units(self, engine: Engine) -> Rows:
        """Return float64[A, 2] of every entity of the cohorts, with its id."""
        found: Rows = []
        for one in engine.total(self.journeys, EachMoney(self.plan)):
            known = self.plan.known[one.cohort]
            money = Earned(one.cells, one.cells).money * known / MICRO
            found.append((one.id, np.stack([money, known], axis=1)))
        return found


def compared(
    pair: Pair,
    plans: Sequence[Earnings | None],
    *,
    answers: tuple[Cohorts, Cohorts],
    engine: Engine,
) -> tuple[tuple[CohortAgeDiff, ...], int]:
    """Return the difference at each age, B less A, and how many entities stand on both sides."""
    a, b = plans
    if a is None or b is None:
        return (), 0
    currencies = sorted({one.currency for one in answers})
    rules.check_one_currency(currencies)
    sizes = [sum(one.size for one in answer.cohorts) for answer in answers]
    sides = Side(all_time(pair[0]), a, sizes[0]), Side(all_time(pair[1]), b, sizes[1])
    both = shared(*(marks(one.journeys, one.began, engine=engine) for one in sides))
    return _ages(_totals(sides, engine), currencies[0]), both


def _totals(sides: tuple[Side, Side], engine: Engine) -> Numbers:
    """Return float64[units, 2, A, 2] of the ages that both sides have."""
    ages = min(one.plan.ages for one in sides)
    if not by_unit(sides[0].size, sides[1].size):
        return np.stack([one.groups(engine)[:, :ages] for one in sides], axis=1)
    rows: dict[str, Numbers] = {}
    for k, side in enumerate(sides):
        for name, row in side.units(engine):
            rows.setdefault(name, np.zeros((2, ages, 2)))[k] = row[:ages]
    return np.array([rows[name] for name in sorted(rows)]).reshape(-1, 2, ages, 2)


def _ages(totals: Numbers, currency: str) -> tuple[CohortAgeDiff, ...]:
    """Return the differences at the ages that are over on a side."""
    whole = totals.sum(axis=0)

    def gap(t: NDArray) -> NDArray:
        found: NDArray = t[1, :, 0] / t[1, :, 1] - t[0, :, 0] / t[0, :, 1]
        return found

    with np.errstate(divide="ignore", invalid="ignore"):
        intervals = interval_of(totals, gap)
    made = []
    for age in range(whole.shape[1]):
        sizes = [int(side[1]) for side in whole[:, age]]
        if not any(sizes):
            continue
        a, b = (float(one[0] / one[1]) if one[1] else None for one in whole[:, age])
        interval = None if min(sizes) < FEW_UNITS else intervals[age]
        money = said(a, b, interval=interval, kind=amounts(currency))
        made.append(CohortAgeDiff(age, sizes[0], sizes[1], money))
    return tuple(made)
