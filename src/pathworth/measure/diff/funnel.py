"""How the steps of a funnel differ between two selections."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pathworth.base.durations import Duration
from pathworth.journeys import Engine, Journeys, local_engine
from pathworth.measure import rules
from pathworth.measure.contracts import (
    Difference,
    Funnel,
    FunnelDiff,
    FunnelStepDiff,
    Interval,
)
from pathworth.measure.diff.sides import (
    Marks,
    by_unit,
    groups_of,
    interval_of,
    marks,
    shared,
)
from pathworth.measure.diff.wording import POINTS, said
from pathworth.measure.funnels.funnel import funnel, plan_funnel
from pathworth.measure.intervals import FEW_UNITS, newcombe
from pathworth.store import GROUPS

Counts = NDArray[np.int64]
Pair = tuple[Journeys, Journeys]
Intervals = list[Interval | None]


def funnel_diff(
    pair: Pair,
    steps: Sequence[rules.StepWord],
    *,
    within: Duration | None = None,
    order: str = "ordered",
    times: str = "none",
    engine: Engine | None = None,
) -> FunnelDiff:
    """Compare the shares of a funnel between two selections, B less A.

    Parameters
    ----------
    pair
        A and B, of one snapshot.
    steps, within, order, times, engine
        As ``funnel`` takes them.

    Raises
    ------
    Refused
        As ``funnel``.
    """
    runs = engine or local_engine()
    a, b = (
        funnel(one, steps, within=within, order=order, times=times, engine=runs) for one in pair
    )
    plans = [plan_funnel(one, steps, within=within, order=order, by=None) for one in pair]
    levels = [marks(one, plan.levels, engine=runs) for one, plan in zip(pair, plans, strict=True)]
    both = shared(*levels)
    if both:
        first, previous = _jackknifed(pair[0], levels, width=len(plans[0].steps))
    else:
        first, previous = _newcombe(a, b, to_first=True), _newcombe(a, b, to_first=False)
    rows = zip(a.steps, b.steps, first, previous, strict=True)
    made = tuple(
        FunnelStepDiff(
            one.name,
            _difference(one.from_first, two.from_first, whole),
            _difference(one.from_previous, two.from_previous, part),
        )
        for one, two, whole, part in rows
    )
    return FunnelDiff(a, b, made, both, "jackknife" if both else "newcombe")


def _difference(a: float | None, b: float | None, interval: Interval | None) -> Difference:
    return said(a, b, interval=interval, kind=POINTS)


def _bases(answer: Funnel, *, to_first: bool) -> list[int]:
    """Return of how many entities each step's share is."""
    counts = [step.entities for step in answer.steps]
    return [counts[0]] * len(counts) if to_first else [counts[0], *counts[:-1]]


def _newcombe(a: Funnel, b: Funnel, *, to_first: bool) -> Intervals:
    """Return the interval of each step's difference between different entities."""
    found: Intervals = []
    bases = zip(_bases(a, to_first=to_first), _bases(b, to_first=to_first), strict=True)
    for k, (of_a, of_b) in enumerate(bases):
        sides = (a.steps[k].entities, of_a), (b.steps[k].entities, of_b)
        few = min(of_a, of_b) < FEW_UNITS
        # The first step's share is 1 on both sides by definition.
        found.append(None if few else newcombe(*sides) if k else (0.0, 0.0))
    return found


def _jackknifed(
    journeys: Journeys, levels: list[list[Marks]], width: int
) -> tuple[Intervals, Intervals]:
    """Return the intervals of shares of the first step and of the step before, with one set of groups."""
    reached = [np.concatenate([_reached(one, width) for one in side]) for side in levels]
    sizes = [int(side[:, 0].sum()) for side in reached]
    totals = np.stack(reached, axis=1)
    if by_unit(*sizes):
        totals = totals[totals[:, :, 0].any(axis=1)]
        # Sums of floats depend on their order, which must not depend on the number of shards.
        totals = totals[np.lexsort(totals.reshape(len(totals), -1).T)]
    else:
        group = np.concatenate(groups_of(journeys.snapshot))
        summed = np.zeros((GROUPS, 2, width), np.int64)
        np.add.at(summed, group, totals)
        totals = summed
    least = totals.sum(axis=0).min(axis=0)
    before = np.concatenate([least[:1], least[:-1]])
    first = interval_of(totals, lambda t: t[1] / t[1, :1] - t[0] / t[0, :1])
    previous = interval_of(totals, _from_previous)
    return (
        [one if least[0] >= FEW_UNITS else None for one in first],
        [one if n >= FEW_UNITS else None for one, n in zip(previous, before, strict=True)],
    )


def _from_previous(totals: NDArray) -> NDArray:
    before = np.concatenate([totals[:, :1], totals[:, :-1]], axis=1)
    shares: NDArray = totals / before
    found: NDArray = shares[1] - shares[0]
    return found


def _reached(levels: Marks, width: int) -> Counts:
    """Return int64[entities, steps]: 1 where an entity took a step."""
    found: Counts = (levels[:, None] > np.arange(width)).astype(np.int64)
    return found
