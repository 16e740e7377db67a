"""How the steps of a funnel differ between two selections."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pathworth.measure.contracts import Difference, Interval
from pathworth.measure.diff.sides import by_unit, interval_of, marks, shared
from pathworth.measure.diff.wording import POINTS, said
from pathworth.measure.funnels.answer import Funnel, FunnelDiff, FunnelStepDiff
from pathworth.measure.funnels.folds import Reached
from pathworth.measure.funnels.owners import EachOwner, Owner
from pathworth.measure.funnels.rows import Making
from pathworth.measure.intervals import FEW_UNITS, newcombe

Counts = NDArray[np.int64]
Intervals = list[Interval | None]
Sides = tuple[Making, Making]


def compared(answers: tuple[Funnel, Funnel], sides: Sides) -> FunnelDiff:
    """Return the difference of two answers, B less A; the sides have the same steps."""
    a, b = answers
    plan = sides[0].plan
    begun = [marks(one.journeys, one.plan.began, engine=one.engine) for one in sides]
    both = shared(*begun)
    jack = bool(both) or any(one.units for one in sides)
    persons = _persons(a), _persons(b)
    before = [plan.needed_before(k) for k in range(plan.width)]
    if jack:
        totals = _totals(sides, begun=(persons[0][0], persons[1][0]))
        first = interval_of(totals, lambda t: t[1] / t[1, :1] - t[0] / t[0, :1])
        previous = interval_of(totals, lambda t: t[1] / t[1, before] - t[0] / t[0, before])
    else:
        first = [_newcombe(answers, k, 0) for k in range(plan.width)]
        previous = [_newcombe(answers, k, base) for k, base in enumerate(before)]
    enough = [min(one[k] for one in persons) >= FEW_UNITS for k in range(plan.width)]
    first = [one if enough[0] else None for one in first]
    previous = [one if enough[k] else None for one, k in zip(previous, before, strict=True)]
    rows = zip(a.steps, b.steps, first, previous, strict=True)
    made = tuple(
        FunnelStepDiff(
            one.name,
            _difference(one.from_first, two.from_first, whole),
            _difference(one.from_previous, two.from_previous, part),
        )
        for one, two, whole, part in rows
    )
    return FunnelDiff(a, b, made, both, "jackknife" if jack else "newcombe")


def _difference(a: float | None, b: float | None, interval: Interval | None) -> Difference:
    return said(a, b, interval=interval, kind=POINTS)


def _persons(answer: Funnel) -> list[int]:
    """Return the persons behind each step."""
    return [step.entities if step.owners is None else step.owners for step in answer.steps]


def _newcombe(answers: tuple[Funnel, Funnel], step: int, base: int) -> Interval | None:
    """Return the interval of the difference of a step's share of another between different entities."""
    a, b = ((one.steps[step].entities, one.steps[base].entities) for one in answers)
    # The first step's share is 1 on both sides by definition.
    return newcombe(a, b) if step else (0.0, 0.0)


def _totals(sides: Sides, *, begun: tuple[int, int]) -> Counts:
    """Return int64[groups or persons, 2, steps]: units that reached each step on both sides."""
    if not by_unit(*begun):
        folded = [one.engine.fold(one.journeys, Reached(one.plan, None)) for one in sides]
        return np.stack([np.stack([one[0, 0] for one in side]) for side in folded], axis=1)
    each: list[list[Owner]] = [
        one.engine.total(one.journeys, EachOwner(one.plan, None)) for one in sides
    ]
    # Sums of floats depend on their order, which must not depend on the number of shards.
    place = {id_: k for k, id_ in enumerate(sorted({one.id for side in each for one in side}))}
    totals = np.zeros((len(place), 2, sides[0].plan.width), np.int64)
    for k, side in enumerate(each):
        for one in side:
            totals[place[one.id], k] = one.counts
    return totals
