"""Compares the visits of one value with like visits of the other values: what the difference is worth a month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.kernels.gaps import lead_to
from pathworth.value.gaps.cells import UNKNOWN, Table

FEWEST_VISITS = 50
"""Under so many visits a value is not compared at a step."""
FEWEST_LIKE = 20
"""Under so many visits of one hint on either side, that hint is left out of the comparison."""
MOST_VALUES = 20
"""More values of one column are not told apart: the rarer ones stand together, and only on the other side."""


@dataclass(frozen=True)
class Terms:
    """What gaps are measured in.

    Parameters
    ----------
    worth
        float64[hints + 1, steps]: expected net money from entering a step, by hint; row 0 is everyone.
    months
        Length of the priced period.
    """

    worth: NDArray[np.float64]
    months: float


@dataclass(frozen=True)
class Cell:
    """One value of one column at one step, beside the other values there.

    Parameters
    ----------
    visits, known
        Visits of the value at the step, and those of them with a hint (or all, where hints are not asked for).
    w, se
        Money a month that the value's visits would be worth more if they went on like the other values of the same
        hint; its standard error by delete-a-group jackknife.
    raw, raw_se
        The same without hints.
    without
        float64[units]: ``w`` without each unit in turn, scaled to the whole.
    own, like
        float64[steps + 1]: where the visits lead, exit last, and where like visits lead.
    own_age, like_age
        float64[steps + 1]: the mean age bin of those moves.
    slow_z
        float64[steps + 1]: by how many standard errors the move takes longer than for like visits.
    """

    column: int
    value: int
    step: int
    visits: int
    known: int
    w: float
    se: float
    raw: float
    raw_se: float
    without: NDArray[np.float64]
    own: NDArray[np.float64]
    like: NDArray[np.float64]
    own_age: NDArray[np.float64]
    like_age: NDArray[np.float64]
    slow_z: NDArray[np.float64]


@dataclass(frozen=True)
class _Frame:
    """Which causes the columns of an answer stand for, and how many there are in all."""

    causes: NDArray[np.int64]
    size: int

    def spread(self, row: NDArray[np.float64]) -> NDArray[np.float64]:
        """Put a row of occurring causes into its places among all."""
        full = np.zeros(self.size)
        full[self.causes] = row
        return full


@dataclass(frozen=True)
class _Found:
    """What a comparison found, the values along the first axis (the second, for ``rates`` and ``ages``)."""

    visits: NDArray[np.int64]
    known: NDArray[np.float64]
    w: NDArray[np.float64]
    raw: NDArray[np.float64]
    rates: NDArray[np.float64]
    ages: NDArray[np.float64]
    slow: NDArray[np.float64]

    def cells(
        self, values: NDArray[np.int64], *, place: tuple[int, int], frame: _Frame
    ) -> list[Cell]:
        """Return one cell for each value that had someone to be compared with."""
        w, se = _spread(self.w)
        _, raw_se = _spread(self.raw)
        return [
            Cell(
                column=place[0],
                value=int(values[v]),
                step=place[1],
                visits=int(self.visits[v]),
                known=int(self.known[v]),
                w=float(self.w[v, 0]),
                se=float(se[v]),
                raw=float(np.nan_to_num(self.raw[v, 0])),
                raw_se=float(raw_se[v]),
                without=w[v],
                own=frame.spread(self.rates[0, v]),
                like=frame.spread(self.rates[1, v]),
                own_age=frame.spread(self.ages[0, v]),
                like_age=frame.spread(self.ages[1, v]),
                slow_z=frame.spread(self.slow[v]),
            )
            for v in range(len(values))
            if se[v] > 0
        ]


@dataclass(frozen=True)
class _Side:
    """One side of a comparison, whole (first) and without each group: visits, shares by cause and their ages."""

    visits: NDArray[np.float64]
    share: NDArray[np.float64]
    age: NDArray[np.float64]


def cells_of(
    kept: Table,
    place: tuple[int, int],
    *,
    terms: Terms,
    stratified: bool = True,
    told: Table | None = None,
    values: tuple[int, ...] | None = None,
    order: NDArray[np.int64] | None = None,
) -> list[Cell]:
    """Compare every value of one column at one step with the others.

    Parameters
    ----------
    kept
        Visits that stand on both sides.
    place
        Column and step.
    terms
        Worth by hint, months.
    stratified
        Whether like means of the same hint; without, everyone is like everyone.
    told
        Visits of the compared values, where they are not in ``kept`` (a mismatch left out of every comparison).
    values
        The values to compare; all unless said.
    order
        int64[values]: decides between values of equal size which are told apart; their codes unless said.
    """
    tables = [one.of(column=place[0], step=place[1]) for one in (kept, told or kept)]
    names = _told_apart(tables[-1], order)
    asked = names if values is None else names[np.isin(names, values)]
    if len(asked) == 0:
        return []
    pool, own, causes = _dense(kept, tables, names)
    rows = np.searchsorted(names, asked) + 1
    others = pool[1:].sum(axis=0)[None] - (own[rows] if told is None else 0)
    worth = np.pad(terms.worth, ((0, 0), (0, 1)))[:, causes]
    found = _compared(own[rows], others, terms=Terms(worth, terms.months), stratified=stratified)
    return found.cells(asked, place=place, frame=_Frame(causes, kept.shape.steps + 1))


def _told_apart(
    table: tuple[NDArray[np.int64], NDArray[np.int64]], order: NDArray[np.int64] | None
) -> NDArray[np.int64]:
    """Return the codes of the commonest values at a step, those with visits enough, ascending."""
    digits, counts = table
    visits = np.zeros(int(digits[0].max(initial=0)) + 1, np.int64)
    np.add.at(visits, digits[0], counts)
    codes = np.flatnonzero(visits >= FEWEST_VISITS)
    codes = codes[codes != UNKNOWN]
    ties = codes if order is None else order[codes]
    return np.sort(codes[np.lexsort((ties, -visits[codes]))][:MOST_VALUES])


def _dense(
    kept: Table,
    tables: list[tuple[NDArray[np.int64], NDArray[np.int64]]],
    names: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return int64[value, unit, hint, cause, bin] of both tables at one step, and the causes that occur there.

    Value 0 is unknown, then come the named ones, then all rarer ones together. Only causes and bins that occur are
    kept; censored always stands last.
    """
    shape = kept.shape
    digits = np.concatenate([one[0] for one in tables], axis=1)
    present = np.unique(digits[3])
    causes = np.concatenate([present[present <= shape.steps], [shape.steps + 1]])
    first, last = digits[4].min(initial=shape.bins - 1), digits[4].max(initial=0)
    size = (len(names) + 2, kept.units, shape.hints, len(causes), max(1, last - first + 1))
    found = []
    for where, numbers in tables:
        dense = np.zeros(size, np.int64)
        at = np.searchsorted(names, where[0])
        named = names[np.minimum(at, len(names) - 1)] == where[0]
        row = np.where(where[0] == UNKNOWN, 0, np.where(named, at + 1, len(names) + 1))
        cell = (row, where[1], where[2], np.searchsorted(causes, where[3]), where[4] - first)
        np.add.at(dense, cell, numbers)
        found.append(dense)
    return found[0], found[1], causes[:-1]


def _compared(
    own: NDArray[np.int64], others: NDArray[np.int64], *, terms: Terms, stratified: bool
) -> _Found:
    """Measure the gap of each value against its others; ``terms.worth`` is by hint and occurring cause."""
    visits = own.sum(axis=(1, 2, 3, 4))
    if stratified:
        unknown = _whole_and_without(own[:, :, UNKNOWN].sum(axis=(2, 3)))
        own, others, worth = own[:, :, 1:], others[:, :, 1:], terms.worth[1:]
    else:
        unknown = np.zeros((len(own), own.shape[1] + 1), np.int64)
        own, others, worth = (
            own.sum(2, keepdims=True),
            others.sum(2, keepdims=True),
            terms.worth[:1],
        )
    a, b = _side(own), _side(others)
    known = a.visits.sum(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where(known > 0, (known + unknown) / known, 0.0) / terms.months
        used = a.visits * ((a.visits >= FEWEST_LIKE) & (b.visits >= FEWEST_LIKE))[:, :1]
        mean_a, mean_b = ((x.share * worth).sum(axis=3) for x in (a, b))
        w = scale * (used * (mean_b - mean_a)).sum(axis=2)
        raw = scale * known * (_mean(mean_b, b.visits) - _mean(mean_a, a.visits))
        slow = _slower(a, b, used)
    rates = np.stack([_rates(x.share[:, 0], used[:, 0]) for x in (a, b)])
    ages = np.stack([_ages(x, used) for x in (a, b)])
    return _Found(visits, known[:, 0], w, raw, rates, ages, slow)


def _whole_and_without(groups: NDArray) -> NDArray[np.int64]:
    """Return the sum over the second axis, followed by the sums without each of its places."""
    total = groups.sum(axis=1, keepdims=True)
    return np.concatenate([total, total - groups], axis=1)


def _side(groups: NDArray[np.int64]) -> _Side:
    """Return visits, shares and ages, whole and without each group, from int64[value, group, hint, cause, bin]."""
    counts = np.ascontiguousarray(_whole_and_without(groups))
    cells, causes = counts.shape[:3], counts.shape[3] - 1
    share = np.zeros((int(np.prod(cells)), causes))
    age = np.zeros_like(share)
    lead_to(counts.reshape(-1, *counts.shape[3:]), share, age)
    visits = counts.sum(axis=(3, 4)).astype(np.float64)
    return _Side(visits, share.reshape(*cells, causes), age.reshape(*cells, causes))


def _mean(value: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weighted mean over hints."""
    mean: NDArray[np.float64] = (value * weight).sum(axis=2) / weight.sum(axis=2)
    return mean


def _rates(share: NDArray[np.float64], used: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the shares of the hints weighted like the value's own visits."""
    weight = used.sum(axis=1)[:, None]
    rates: NDArray[np.float64] = (share * used[:, :, None]).sum(axis=1) / np.maximum(weight, 1.0)
    return rates


def _ages(side: _Side, used: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean bin of each move, the hints weighted by the moves."""
    moves = side.share[:, 0] * used[:, 0, :, None]
    ages: NDArray[np.float64] = (side.age[:, 0] * moves).sum(axis=1) / np.maximum(
        moves.sum(axis=1), 1e-9
    )
    return ages


def _slower(a: _Side, b: _Side, used: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return float64[value, cause]: standard errors by which a move takes longer than for like visits."""
    moves = a.share * used[..., None] * ((a.share > 0) & (b.share > 0))
    later = (moves * (a.age - b.age)).sum(axis=2) / moves.sum(axis=2)
    groups = later.shape[1] - 1
    each = later[:, 1:]
    se = np.sqrt((groups - 1) / groups * ((each - each.mean(axis=1, keepdims=True)) ** 2).sum(1))
    z: NDArray[np.float64] = np.nan_to_num(later[:, 0] / se, nan=0.0, posinf=0.0, neginf=0.0)
    return z


def _spread(totals: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the totals without each group, scaled to the whole, and the jackknife's standard error."""
    groups = totals.shape[1] - 1
    each = np.nan_to_num(totals[:, 1:]) * groups / (groups - 1)
    square = ((each - each.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    return each, np.sqrt((groups - 1) / groups * square)
