"""Which groups go on less than like people beyond chance and beyond mix, and which can hardly go on at all."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from pathworth.measure import bh_q
from pathworth.value.covariates import INSIDE
from pathworth.value.gaps.cells import Table
from pathworth.value.gaps.compare import Cell, cells_of
from pathworth.value.gaps.survey import Survey

Q = 0.20
"""Benjamini-Hochberg at this rate: about so many of the listed groups are noise or mix."""
STRUCTURAL = 0.25
"""A value whose rate is surely under this share of its like's is no friction that a message mends."""
SLOW_Z = 4.0
"""A move takes longer when it does by so many standard errors: there are dozens of cells to be unlucky in."""

Value = tuple[int, int]


@dataclass(frozen=True)
class Hit:
    """One group that passed: all its cells, those that count, and how far each is believed.

    ``main`` is the cell that names it: the dearest one, or an earlier one where it loses time, since what costs time is
    paid at later steps.
    """

    value: Value
    cells: tuple[Cell, ...]
    counted: tuple[Cell, ...]
    shrink: tuple[float, ...]
    main: tuple[Cell, float]
    q: float

    @property
    def worth(self) -> float:
        """Return the shrunken money a month."""
        return sum(b * c.w for b, c in zip(self.shrink, self.counted, strict=True))


def mismatches(survey: Survey) -> list[Cell]:
    """Return values that hardly anybody passes a step with: surely under a quarter of like, or declared on the map.

    What is declared stands once, at the step where it costs most.
    """
    names = set(declared(survey))
    found: list[Cell] = []
    worst: dict[Value, Cell] = {}
    for place in places(survey, ("property",)):
        for cell in cells_of(survey.table, place, terms=survey.terms, order=ties(survey, place[0])):
            value = (cell.column, cell.value)
            if value in names:
                worst[value] = max(cell, worst.get(value, cell), key=lambda c: c.w)
            elif _looks_structural(survey, cell):
                found.append(cell)
    return [*found, *worst.values()]


def declared(survey: Survey) -> list[Value]:
    """Return the columns and values that the map declares as a mismatch."""
    said = set(survey.plan.document.structural)
    return [
        (number, code)
        for number, column in enumerate(survey.columns)
        if column.kind == "property"
        for code, value in enumerate(column.values, 1)
        if (column.name, value) in said
    ]


def _looks_structural(survey: Survey, cell: Cell) -> bool:
    main = main_arrow(survey, cell.step)
    return upper95(float(cell.own[main]), cell.known) < STRUCTURAL * float(cell.like[main])


def main_arrow(survey: Survey, step: int) -> int:
    """Return the step to which most visits of a step lead, itself aside."""
    taken = survey.totals(step).sum(axis=0)[: survey.plan.steps]
    taken[step] = -1
    return int(np.argmax(taken))


def upper95(rate: float, n: int) -> float:
    """Return the upper end of the 95 % interval of a rate (Wilson, 1927)."""
    z = 1.959964
    middle = rate + z * z / (2 * n)
    reach = z * np.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    return float((middle + reach) / (1 + z * z / n))


def found_hits(survey: Survey, kept: Table) -> list[Hit]:
    """Return every group whose gap is beyond chance and not mostly mix, dearest first.

    Parameters
    ----------
    survey
        What was counted.
    kept
        Visits without those of mismatches.

    Notes
    -----
    What only other tools tell of is a family of tests of its own, with its own spread: how far the gaps of such groups
    lie apart says nothing of how far those of the map's own properties do, and a tool that is joined to the data must
    not change what is believed of these. Families that differ are not to be put together, and each at rate q keeps all
    of them at about q (Efron, 2008, Annals of Applied Statistics 2: 197-223).
    """
    cells = _cells(survey, kept)
    families = [
        {v: some for v, some in cells.items() if survey.told[v[0]] == told}
        for told in (False, True)
    ]
    hits = [hit for family in families for hit in _hits_of(survey, kept, family)]
    return sorted(hits, key=lambda h: (-h.worth, value_name(survey, h.value)))


def _cells(survey: Survey, kept: Table) -> dict[Value, list[Cell]]:
    """Return every comparison of every value."""
    cells: dict[Value, list[Cell]] = {}
    for place in places(survey, ("property", "window")):
        asked = (INSIDE,) if survey.columns[place[0]].kind == "window" else None
        for cell in cells_of(
            kept, place, terms=survey.terms, values=asked, order=ties(survey, place[0])
        ):
            cells.setdefault((cell.column, cell.value), []).append(cell)
    return cells


def _hits_of(survey: Survey, kept: Table, cells: dict[Value, list[Cell]]) -> list[Hit]:
    """Return the groups of one family that passed."""
    tests: list[tuple[Value, tuple[Cell, ...]]] = [
        (v, (c,)) for v, some in cells.items() for c in some
    ]
    tests += [(v, tuple(some)) for v, some in cells.items() if summed(survey, some)]
    qs = bh_q([p_value(some, kept.units) for _, some in tests])
    passed: dict[Value, dict[int, Cell]] = {}
    best: dict[Value, float] = {}
    for (value, some), q in zip(tests, qs, strict=True):
        w, raw = sum(c.w for c in some), sum(c.raw for c in some)
        if q <= Q and w > 0 and w >= raw / 2:
            passed.setdefault(value, {}).update({c.step: c for c in some})
            best[value] = min(q, best.get(value, 1.0))
    believed = {step: spread_of(_at(cells, step)) for step in range(survey.plan.steps)}
    hits = []
    for value, by_step in passed.items():
        counted = tuple(by_step[step] for step in sorted(by_step))
        shrink = tuple(shrunk(c, believed[c.step]) for c in counted)
        named = _main(survey, cells[value], tuple(zip(counted, shrink, strict=True)))
        main = (named, shrunk(named, believed[named.step]))
        hits.append(Hit(value, tuple(cells[value]), counted, shrink, main, best[value]))
    return [hit for hit in hits if hit.worth > 0]


def _main(survey: Survey, cells: Sequence[Cell], counted: Sequence[tuple[Cell, float]]) -> Cell:
    """Return the cell that names a hit: where it loses time, when that is no later than where it is dearest."""
    dearest = max(counted, key=lambda pair: (pair[0].w * pair[1], -pair[0].step))[0]
    if survey.columns[dearest.column].kind != "property":
        return dearest
    latest = survey.depth[dearest.step]
    slow = [c for c in cells if is_slow(survey, c) and survey.depth[c.step] <= latest]
    return max(slow, key=lambda c: (c.slow_z[main_arrow(survey, c.step)], -c.step), default=dearest)


def places(survey: Survey, kinds: tuple[str, ...]) -> Iterable[tuple[int, int]]:
    """Yield every column of those kinds at every step whose people carry a hint."""
    for number, column in enumerate(survey.columns):
        if column.kind in kinds:
            for step in np.flatnonzero(survey.hinted):
                yield number, int(step)


def ties(survey: Survey, column: int) -> NDArray[np.int64]:
    """Return int64[values + 1]: the place of each value's name in alphabetical order."""
    names = ("", *survey.columns[column].values)
    order = np.empty(len(names), np.int64)
    order[sorted(range(len(names)), key=lambda k: names[k])] = np.arange(len(names))
    return order


def _at(cells: dict[Value, list[Cell]], step: int) -> list[Cell]:
    return [cell for some in cells.values() for cell in some if cell.step == step]


def summed(survey: Survey, cells: Sequence[Cell]) -> bool:
    """Return whether a group's gaps are added up over steps: calendar windows, and what costs time."""
    if survey.columns[cells[0].column].kind == "window":
        return len(cells) > 1
    return len(cells) > 1 and any(is_slow(survey, cell) for cell in cells)


def is_slow(survey: Survey, cell: Cell) -> bool:
    """Return whether the group needs longer for the step's main move than like people, beyond chance."""
    return bool(cell.slow_z[main_arrow(survey, cell.step)] >= SLOW_Z)


def p_value(cells: Sequence[Cell], units: int) -> float:
    """Return the one-sided p of the sum of some gaps, by the jackknife's own spread."""
    w = sum(c.w for c in cells)
    se = _error(np.sum([c.without for c in cells], axis=0))
    return float(special.stdtr(max(1, units - 1), -w / se)) if se > 0 else 1.0


def _error(without: NDArray[np.float64]) -> float:
    units = len(without)
    return float(np.sqrt((units - 1) / units * ((without - without.mean()) ** 2).sum()))


def spread_of(cells: Sequence[Cell]) -> float:
    """Return tau squared: how far the gaps per visit at one step truly lie apart, by the method of moments."""
    if not cells:
        return 0.0
    # fsum, since the order of columns follows their names and the same world may have others.
    total = math.fsum((c.w**2 - c.se**2) / c.visits**2 for c in cells)
    return max(0.0, total / len(cells))


def shrunk(cell: Cell, tau2: float) -> float:
    """Return how far a gap is believed: 1 is wholly."""
    error2 = (cell.se / cell.visits) ** 2
    return tau2 / (tau2 + error2) if tau2 > 0 else 0.0


def value_name(survey: Survey, value: Value) -> tuple[str, str]:
    """Return the names of a column and of one of its values."""
    column = survey.columns[value[0]]
    return column.name, column.values[value[1] - 1]


def added(cells: Sequence[Cell], weights: Sequence[float]) -> tuple[float, float]:
    """Return the weighted sum of some gaps and its standard error."""
    total = sum(b * c.w for b, c in zip(weights, cells, strict=True))
    without = np.sum([b * c.without for b, c in zip(weights, cells, strict=True)], axis=0)
    return total, _error(without)
