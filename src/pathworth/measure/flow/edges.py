"""Edges as columns until the very end: thousands of them get their intervals and medians at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pathworth.measure.contracts import Interval
from pathworth.measure.flow.contracts import Carrier, Edge
from pathworth.measure.flow.money import Money
from pathworth.measure.intervals import TOO_FEW, jackknife_of_means, medians
from pathworth.store import GROUPS

Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]
ON_DEMAND = "more than 64 events: choose at most 64 of them"
NOT_KNOWN = float("nan")
LARGE_SHARE = 0.05
"""An entity that carries more than this share of a sum is named beside the interval."""
_MS = 1_000.0


@dataclass(frozen=True)
class Medians:
    """Medians with their intervals in seconds, float64[edges], NaN where there is none."""

    middle: Numbers
    low: Numbers
    high: Numbers


@dataclass(frozen=True)
class Means:
    """Intervals of mean seconds, float64[edges], NaN where there is none; why, and who carries much of a sum."""

    low: Numbers
    high: Numbers
    why: tuple[str, ...]
    carried: tuple[Carrier | None, ...]

    def of(self, some: Counts) -> Means:
        """Return those of some edges, int64[wanted]."""
        places = some.tolist()
        why, carried = ([rows[k] for k in places] for rows in (self.why, self.carried))
        return Means(self.low[some], self.high[some], tuple(why), tuple(carried))

    def with_some(self, some: Counts, others: Means) -> Means:
        """Return these with those of some edges, int64[found], put in their places."""
        low, high, why, carried = self.low.copy(), self.high.copy(), [*self.why], [*self.carried]
        low[some], high[some] = others.low, others.high
        for place, reason, one in zip(some.tolist(), others.why, others.carried, strict=True):
            why[place], carried[place] = reason, one
        return Means(low, high, tuple(why), tuple(carried))


def no_means(edges: int, why: str) -> Means:
    """Return no interval for any edge."""
    none = np.full(edges, NOT_KNOWN)
    return Means(none, none, (why,) * edges, (None,) * edges)


def means_of(groups: Counts, enough: NDArray[np.bool_]) -> Means:
    """Return the interval of each edge's mean time from int64[groups, edges, 2 or more]."""
    edges = groups.shape[1]
    _, low, high = jackknife_of_means(groups[:, :, 1], groups[:, :, 0])
    known = enough & np.isfinite(low) & np.isfinite(high)
    low, high = np.where(known, low, NOT_KNOWN) / _MS, np.where(known, high, NOT_KNOWN) / _MS
    return Means(low, high, (TOO_FEW,) * edges, (None,) * edges)


def heavy_groups(groups: Counts, means: Means) -> NDArray[np.bool_]:
    """Return bool[G, edges]: where a group, and so perhaps one entity of it, carries much of an edge's time.

    Only edges with an interval are looked at.
    """
    ms = groups[:, :, 1]
    heavy: NDArray[np.bool_] = (ms > LARGE_SHARE * ms.sum(axis=0)) & np.isfinite(means.low)
    return heavy


def anywhere(heavy: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return bool[64, edges]: every group, wherever somebody might carry much of an edge."""
    return np.tile(heavy.any(axis=0), (GROUPS, 1))


def medians_of(bins: Counts, entities: Counts) -> Medians:
    """Return the median time of each row of int64[edges, BINS]."""
    return Medians(*(one / _MS for one in medians(bins, entities)))


def as_edges(
    pairs: Counts,
    totals: Counts,
    *,
    names: Sequence[str],
    means: Means,
    middle: Medians | None = None,
    money: Money | None = None,
    people: bool = False,
) -> tuple[Edge, ...]:
    """Return edges by name.

    Parameters
    ----------
    pairs
        int64[edges, 2]: places of source and target in the names.
    totals
        int64[edges, 2 or 3]: moves, whole ms, entities.
    names, means, middle, money
        Names of states; intervals of means; medians and money if they were asked for.
    people
        Whether entities were asked for.
    """
    rank = np.empty(len(names), np.int64)
    rank[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    order = np.lexsort((rank[pairs[:, 1]], rank[pairs[:, 0]]))
    count = totals[order, 0]
    none: list[Any] = [None] * len(order)
    columns: dict[str, list[Any]] = {
        "from_": [names[place] for place in pairs[order, 0].tolist()],
        "to": [names[place] for place in pairs[order, 1].tolist()],
        "count": count.tolist(),
        "mean_seconds": (totals[order, 1] / count / _MS).tolist(),
        "mean_interval": _intervals(means.low[order], means.high[order]),
        "why": [means.why[k] if isnan(means.low[k]) else None for k in order.tolist()],
        "entities": totals[order, 2].tolist() if people else none,
        "median_seconds": none if middle is None else _known(middle.middle[order]),
        "median_interval": none
        if middle is None
        else _intervals(middle.low[order], middle.high[order]),
        "carried_by": [means.carried[k] for k in order.tolist()],
        "money": none if money is None else _known(money.amount[order]),
        "money_interval": none
        if money is None
        else _intervals(money.low[order], money.high[order]),
        "money_carried_by": none if money is None else [money.carried[k] for k in order.tolist()],
    }
    return tuple(_edges(columns))


def _edges(columns: dict[str, list[Any]]) -> Iterator[Edge]:
    """Yield edges from columns of all of their fields.

    A frozen dataclass sets its fields one by one through ``object``, which for thousands of edges takes
    a good part of the time in which their moves are counted.
    """
    new, put = object.__new__, object.__setattr__
    for row in zip(*columns.values(), strict=True):
        edge = new(Edge)
        put(edge, "__dict__", dict(zip(columns, row)))  # noqa: B905 rows are as long as there are columns
        yield edge


def _known(numbers: Numbers) -> list[float | None]:
    return [None if isnan(one) else one for one in numbers.tolist()]


def _intervals(low: Numbers, high: Numbers) -> list[Interval | None]:
    pairs = zip(low.tolist(), high.tolist(), strict=True)
    return [None if isnan(a) else (a, b) for a, b in pairs]
