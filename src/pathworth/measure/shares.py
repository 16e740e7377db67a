"""Shares of counts with their intervals: Wilson's where units are entities, else a jackknife over groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Engine, Journeys, Part, Question
from pathworth.measure.contracts import Difference, Interval
from pathworth.measure.diff.sides import (
    MOST_UNITS,
    Each,
    by_unit,
    interval_of,
    rows_by_entity,
    with_events,
)
from pathworth.measure.diff.wording import POINTS, Kind, said
from pathworth.measure.intervals import (
    FEW_FOR_GROUPS,
    FEW_UNITS,
    TOO_FEW,
    jackknife_of_means,
    newcombe,
    wilson,
)

Counts = NDArray[np.int64]
TIMES, UNITS, ENTITIES = 0, 1, 2
"""Columns of a partial of cells: how often, by how many units, by how many entities."""
Cells = Question[Counts]
"""A question whose partial is int64[..., 3], the cells in any shape."""


class WithCells(Protocol):
    """A partial that holds cells beside other things."""

    @property
    def cells(self) -> Counts:
        """Return int64[..., 3]."""
        ...


@dataclass(frozen=True)
class CellsOf:
    """The cells alone of a question that counts more, for the intervals of their shares."""

    inner: Question[Any]

    def fold(self, part: Part) -> Counts:
        """Count a part."""
        found: WithCells = self.inner.fold(part)
        return found.cells

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two partials."""
        return left + right


@dataclass(frozen=True)
class Share:
    """A share with its 95 % interval; null with ``why`` beside it when there is none."""

    value: float | None
    interval: Interval | None
    why: str | None = None


@dataclass(frozen=True)
class Asked:
    """Whose shares are asked: the selection, the fold that counts cells, and what the fold found in all.

    ``plain`` says that what is counted are entities, each at most once in a cell; ``entities`` are behind all cells.
    ``column`` is what shares are of: TIMES or UNITS, or one for the part and one for the whole: a mean, and no share.
    ``groups`` is what the question counts in each of the 64 groups, int64[64, ...], where that is known already.
    """

    journeys: Journeys
    question: Cells
    totals: Counts
    entities: int
    plain: bool
    column: int | tuple[int, int] = TIMES
    groups: Counts | None = None

    @property
    def columns(self) -> tuple[int, int]:
        """Return the column of the part and that of the whole."""
        return self.column if isinstance(self.column, tuple) else (self.column, self.column)

    @property
    def highest(self) -> float:
        """Return the most that a number can be."""
        return np.inf if isinstance(self.column, tuple) else 1.0

    @property
    def flat(self) -> Counts:
        """Return the totals as int64[cells, 3]."""
        return self.totals.reshape(-1, 3)


def shares(asked: Asked, over: Sequence[tuple[int, int]], *, engine: Engine) -> list[Share]:
    """Return how much of one cell is in another, for pairs of cells (part, whole).

    Parameters
    ----------
    asked
        Whose.
    over
        Places in the totals, their shape flattened.
    engine
        Where a second fold runs, when each group must be counted by itself.
    """
    pairs = np.array(over, np.int64).reshape(-1, 2)
    flat = asked.flat
    parts, wholes = flat[pairs[:, 0]], flat[pairs[:, 1]]
    low = high = None
    if not asked.plain and len(pairs):
        groups = _groups(asked, pairs, engine)
        _, low, high = jackknife_of_means(groups[..., 0], groups[..., 1])
    found = []
    for k, (part, whole) in enumerate(zip(parts.tolist(), wholes.tolist(), strict=True)):
        n, of = part[asked.columns[0]], whole[asked.columns[1]]
        value = n / of if of else None
        interval = None
        if whole[ENTITIES] >= FEW_UNITS:
            interval = (
                wilson(n, of)
                if low is None or high is None
                else _inside(float(low[k]), float(high[k]), asked.highest)
            )
        found.append(Share(value, interval, None if interval else TOO_FEW))
    return found


def _inside(low: float, high: float, highest: float) -> Interval | None:
    """Return an interval, which does not pass what can be; null where the jackknife has none."""
    return (max(low, 0.0), min(high, highest)) if np.isfinite([low, high]).all() else None


def _groups(asked: Asked, pairs: Counts, engine: Engine) -> Counts:
    """Return int64[groups, pairs, 2]: what each group, or each entity of few, adds to both cells of a pair."""
    some = Some(asked.question, pairs, asked.columns)
    if asked.entities >= FEW_FOR_GROUPS:
        groups = _by_group(asked, some, engine)
        if groups.any(axis=(1, 2)).all() or asked.entities > MOST_UNITS:
            return groups
    singles: list[Counts] = engine.units(asked.journeys, some)
    return np.stack(singles)


def _by_group(asked: Asked, some: Some, engine: Engine) -> Counts:
    """Return int64[64, pairs, 2]: what each group adds."""
    if asked.groups is not None:
        return some.of(asked.groups.reshape(len(asked.groups), -1))
    folded: list[Counts] = engine.fold(asked.journeys, some)
    return np.stack(folded)


@dataclass(frozen=True)
class Some:
    """How often some cells were counted, or by how many, in the shape of their places."""

    inner: Cells
    places: Counts
    columns: tuple[int, int]

    def fold(self, part: Part) -> Counts:
        """Count a part and keep the cells."""
        return self.of(self.inner.fold(part).reshape(-1))

    def of(self, counted: Counts) -> Counts:
        """Return the wanted cells, int64[..., pairs, 2], of int64[..., cells * 3]."""
        found: Counts = counted[..., self.places * 3 + np.array(self.columns)]
        return found

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two partials."""
        return left + right


def differences(
    pair: tuple[Asked, Asked],
    over: Sequence[tuple[int, int]],
    *,
    shared: int,
    engine: Engine,
    kind: Kind = POINTS,
) -> list[Difference]:
    """Return how shares differ between two selections, B less A, for pairs of cells (part, whole).

    Parameters
    ----------
    pair
        A and B, with the same cells.
    over
        As ``shares`` takes them.
    shared
        Entities that stand on both sides; with none, shares of entities get Newcombe's interval.
    engine
        Where folds run.
    kind
        How a difference is said.
    """
    places = np.array(over, np.int64).reshape(-1, 2)
    if not len(places):
        return []
    sides = [one.flat[places] for one in pair]
    if shared == 0 and all(one.plain for one in pair):
        found: list[Interval | None] = [
            newcombe((a[0], a[1]), (b[0], b[1]))
            for a, b in zip(*(one[..., pair[0].columns[0]].tolist() for one in sides), strict=True)
        ]
    else:
        found = interval_of(_both(pair, places, engine), _gap)
    made = []
    for k, interval in enumerate(found):
        rows = [side[k] for side in sides]
        values = [
            int(n) / int(of) if of else None
            for n, of in (row[[0, 1], pair[0].columns] for row in rows)
        ]
        few = min(int(row[1, ENTITIES]) for row in rows) < FEW_UNITS
        made.append(said(*values, interval=None if few else interval, kind=kind))
    return made


def _gap(totals: NDArray) -> NDArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        part: NDArray = totals[..., 0] / totals[..., 1]
    found: NDArray = part[1] - part[0]
    return found


def _both(pair: tuple[Asked, Asked], places: Counts, engine: Engine) -> Counts:
    """Return int64[groups, 2, pairs, 2]: what each group, or each entity of small selections, adds on both sides."""
    questions = [Some(one.question, places, one.columns) for one in pair]
    if not by_unit(pair[0].entities, pair[1].entities):
        sides = [_by_group(one, some, engine) for one, some in zip(pair, questions, strict=True)]
        return np.stack(sides, axis=1)
    each = [
        (one.journeys, Each(with_events, question.fold))
        for one, question in zip(pair, questions, strict=True)
    ]
    return rows_by_entity(each, engine=engine)
