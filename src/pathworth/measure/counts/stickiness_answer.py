"""The answer of stickiness: who is active in how many periods, and how two selections differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pathworth.base.json import ON_REQUEST
from pathworth.journeys import AsOf
from pathworth.measure.answers import Answer, Chart, Sheet
from pathworth.measure.cells import of_part
from pathworth.measure.contracts import Difference, Interval


@dataclass(frozen=True)
class StickinessLevel:
    """Entities active in exactly so many periods, and in at least as many; ``share`` of all who were active at all.

    ``interval`` is Wilson's at 95 %; null with ``why`` beside it when there is none.
    """

    periods: int
    entities: int
    at_least: int
    share: float
    interval: Interval | None
    why: str | None = None


@dataclass(frozen=True)
class StickinessOf:
    """The levels of the entities with one value of a trait; ``others`` says how many rarer values it joins."""

    value: str | None
    entities: int
    mean: float | None
    mean_interval: Interval | None
    why: str | None
    levels: tuple[StickinessLevel, ...]
    others: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class Stickiness(Answer):
    """How many are active in exactly so many of the ``periods`` that the selection has; ``by`` parts add up.

    ``mean`` is the number of periods of an active entity, its interval a delete-a-group jackknife at 95 %. ``whole``
    is false when the selection holds a period that is not over, or begins inside one. Levels go up to the most that
    anybody reached.
    """

    period: str
    periods: int
    whole: bool
    entities: int
    mean: float | None
    mean_interval: Interval | None
    why: str | None
    levels: tuple[StickinessLevel, ...]
    excluded: Mapping[str, int]
    as_of: AsOf
    by: tuple[StickinessOf, ...] | None = field(default=None, metadata=ON_REQUEST)
    overlap: int | None = field(default=None, metadata=ON_REQUEST)

    def sheet(self) -> Sheet:
        """Return one row per number of periods."""
        heads = ("periods", "entities", "at_least", "share")
        rows = tuple((one.periods, one.entities, one.at_least, one.share) for one in self.levels)
        title = f"People by in how many {self.period}s they are active"
        return Sheet(title, heads, rows, Chart("bars", "periods", ("entities",)))

    def cells(self) -> dict[str, int]:
        """Return the entities of every level, ``3`` for exactly and ``at least 3``, and of every part."""
        found = dict(_cells(self.levels))
        for one in self.by or ():
            part = f" | {of_part(one.value, joins=one.others)}"
            found |= {cell + part: count for cell, count in _cells(one.levels)}
        return found


def _cells(levels: Sequence[StickinessLevel]) -> Iterator[tuple[str, int]]:
    for one in levels:
        yield f"{one.periods}", one.entities
        yield f"at least {one.periods}", one.at_least


@dataclass(frozen=True)
class StickinessDiff(Answer):
    """In how many periods an active entity of two selections is active on average.

    The interval is a jackknife with the same groups on both sides; ``shared`` counts the entities on both.
    """

    a: Stickiness
    b: Stickiness
    mean: Difference
    shared: int

    def sheet(self) -> Sheet:
        """Return the one comparison."""
        row = ("mean", self.mean.a, self.mean.b, self.mean.words)
        return Sheet("B against A", ("", "A", "B", "in words"), (row,))
