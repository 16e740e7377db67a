"""What both sides of a comparison share: marks of entities, groups, and jackknife intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Engine, Journeys, Part, state_lane
from pathworth.measure.contracts import Interval
from pathworth.measure.intervals import FEW_FOR_GROUPS, jackknife
from pathworth.store import GROUPS, Snapshot

Marks = NDArray[np.uint8]
Mark = Callable[[Part], Marks | NDArray[np.bool_]]
MOST_UNITS = 20_000
"""Above this many entities every group is a unit even when one side has under 500: folding each costs too long."""


@dataclass(frozen=True)
class MarkEach:
    """A mark for every entity, uint8 for each of a part, kept with the place of its shard and its own there."""

    mark: Mark

    def fold(self, part: Part) -> list[tuple[int, int, Marks]]:
        """Mark the entities of a part."""
        return [(part.place, part.first, self.mark(part).astype(np.uint8))]

    def merge(
        self, left: list[tuple[int, int, Marks]], right: list[tuple[int, int, Marks]]
    ) -> list[tuple[int, int, Marks]]:
        """Join two lists."""
        return left + right


def marks(journeys: Journeys, mark: Mark, *, engine: Engine) -> list[Marks]:
    """Return the mark of every entity, one array a shard."""
    out = [np.zeros(shard.entities, np.uint8) for shard in journeys.snapshot.shards]
    for place, first, found in engine.total(journeys, MarkEach(mark)):
        if len(found):
            out[place][first : first + len(found)] = found
    return out


def shared(a: list[Marks], b: list[Marks]) -> int:
    """Return how many entities are marked on both sides."""
    return sum(int(((x > 0) & (y > 0)).sum()) for x, y in zip(a, b, strict=True))


def groups_of(snapshot: Snapshot) -> list[NDArray[np.int64]]:
    """Return the group of every entity, one array a shard."""
    return [np.repeat(np.arange(GROUPS), np.diff(shard.group_start)) for shard in snapshot.shards]


def with_events(part: Part) -> NDArray[np.bool_]:
    """Return bool[n]: which entities of a part, not units, have a kept event."""
    return state_lane(replace(part, slicing=None)).kept_units()


@dataclass(frozen=True)
class Each:
    """What every entity with a mark adds when it is folded by itself, with its id."""

    mark: Mark
    row: Callable[[Part], Any]

    def fold(self, part: Part) -> list[tuple[str, Any]]:
        """Return the rows of a part."""
        places = [part.first + int(e) for e in np.flatnonzero(self.mark(part))]
        return [
            (part.shard.id_of(one), self.row(replace(part, first=one, last=one + 1)))
            for one in places
        ]

    def merge(
        self, left: list[tuple[str, Any]], right: list[tuple[str, Any]]
    ) -> list[tuple[str, Any]]:
        """Join two lists."""
        return left + right


def rows_by_entity(sides: Sequence[tuple[Journeys, Each]], *, engine: Engine) -> NDArray[np.int64]:
    """Return int64[units, 2, ...]: what each entity adds on both sides, by rising id; rows of all have one shape."""
    found = [engine.total(journeys, each) for journeys, each in sides]
    names = sorted({name for rows in found for name, _ in rows})
    place = {name: k for k, name in enumerate(names)}
    shape = next((row.shape for rows in found for _, row in rows), ())
    out = np.zeros((len(names), len(sides), *shape), np.int64)
    for side, rows in enumerate(found):
        for name, row in rows:
            out[place[name], side] = row
    return out


def by_unit(a: int, b: int) -> bool:
    """Return whether each entity is a group of its own, from how many there are on both sides."""
    return min(a, b) < FEW_FOR_GROUPS and a + b <= MOST_UNITS


def interval_of(totals: NDArray, statistic: Callable[[NDArray], NDArray]) -> list[Interval | None]:
    """Return the jackknife interval of each number of a statistic of totals [G, ...]; null where there is none."""
    if len(totals) < 2:
        return [None] * len(np.atleast_1d(statistic(totals.sum(axis=0))))
    _, low, high = jackknife(totals, statistic)
    return [
        None if not np.isfinite([x, y]).all() else (float(x), float(y))
        for x, y in zip(np.atleast_1d(low), np.atleast_1d(high), strict=True)
    ]
