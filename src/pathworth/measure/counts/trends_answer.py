"""The answer of trends: a series of counts for each step, whole and by parts, and how two selections differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pathworth.base.json import ON_REQUEST
from pathworth.journeys import AsOf
from pathworth.measure.answers import Answer, Chart, Sheet
from pathworth.measure.cells import ALL, of_part, quoted
from pathworth.measure.contracts import Difference, Interval
from pathworth.measure.flow.contracts import Carrier


@dataclass(frozen=True)
class Amounts:
    """A number added up: over ``events`` and ``entities`` of which it is known; money in units of its currency.

    Intervals are a delete-a-group jackknife at 95 %; null with ``why`` beside them when there are none.
    ``carried_by`` is an entity with more than 5 % of the sum.
    """

    events: int
    entities: int
    sum: float
    sum_interval: Interval | None
    mean: float | None
    mean_interval: Interval | None
    why: str | None = None
    carried_by: Carrier | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class TrendPoint:
    """One period: its events, the entities with at least one, and events per entity with its jackknife interval.

    A period that is not ``over``, or that the selection begins inside (``cut``), shows less than a whole one.
    ``overlap`` says how many times entities are counted again in another part.
    """

    start: str
    events: int
    entities: int
    per_entity: float | None
    interval: Interval | None
    why: str | None
    over: bool
    cut: bool
    amounts: Amounts | None = field(default=None, metadata=ON_REQUEST)
    overlap: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class TrendWhole:
    """The same over all periods together."""

    events: int
    entities: int
    per_entity: float | None
    interval: Interval | None
    why: str | None
    amounts: Amounts | None = field(default=None, metadata=ON_REQUEST)
    overlap: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class TrendOf:
    """The points of one value of a trait or property; ``others`` says how many rarer values it joins."""

    value: str | None
    points: tuple[TrendPoint, ...]
    whole: TrendWhole
    others: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class Trend:
    """The points of one step; events of the parts ``by`` add up, and so do entities but for the ``overlap``."""

    step: str
    points: tuple[TrendPoint, ...]
    whole: TrendWhole
    by: tuple[TrendOf, ...] | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class Trends(Answer):
    """How many events and entities there are in each period; ``number`` is what is added up, in its ``currency``."""

    period: str
    series: tuple[Trend, ...]
    excluded: Mapping[str, int]
    as_of: AsOf
    number: str | None = field(default=None, metadata=ON_REQUEST)
    currency: str | None = field(default=None, metadata=ON_REQUEST)

    def sheet(self) -> Sheet:
        """Return one row per series, part and period."""
        heads = ["start", "series", "events", "entities", "per_entity"]
        heads += [] if self.number is None else ["sum", "mean"]
        rows = tuple(
            (one.start, name, one.events, one.entities, one.per_entity)
            + (() if one.amounts is None else (one.amounts.sum, one.amounts.mean))
            + (one.over and not one.cut,)
            for name, points in self._lines()
            for one in points
        )
        unit = "" if self.currency is None else f", {self.currency}"
        what = "Events" if self.number is None else f"Sum of {self.number}{unit}"
        chart = Chart("lines", "start", ("sum" if self.number else "events",), "series", "whole")
        return Sheet(f"{what} by {self.period}", (*heads, "whole"), rows, chart)

    def _lines(self) -> Iterator[tuple[str, tuple[TrendPoint, ...]]]:
        for one in self.series:
            yield one.step, one.points
            for part in one.by or ():
                yield f"{one.step} | {of_part(part.value, joins=part.others)}", part.points

    def cells(self) -> dict[str, int]:
        """Return the entities of every period and of all, by step and part."""
        found: dict[str, int] = {}
        for one in self.series:
            parts: list[tuple[str, Any]] = [("", one)]
            parts += [(f" | {of_part(p.value, joins=p.others)}", p) for p in one.by or ()]
            for said, line in parts:
                found[f"{ALL} {quoted(one.step)}{said}"] = line.whole.entities
                for point in line.points:
                    found[f"{point.start} {quoted(one.step)}{said}"] = point.entities
        return found


@dataclass(frozen=True)
class TrendDiff:
    """One step on both sides: all events, events of a whole period and of an entity, and what is added up.

    ``per_period`` leaves out periods that are not over or that a selection cuts.
    """

    step: str
    events: Difference
    per_period: Difference
    per_entity: Difference
    sum: Difference | None = field(default=None, metadata=ON_REQUEST)
    mean: Difference | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class TrendsDiff(Answer):
    """The trends of two selections; intervals are a jackknife with the same groups on both sides.

    ``shared`` counts the entities on both sides.
    """

    a: Trends
    b: Trends
    series: tuple[TrendDiff, ...]
    shared: int

    def sheet(self) -> Sheet:
        """Return one row per step and number."""
        rows = [
            (one.step, name, found.a, found.b, found.words)
            for one in self.series
            for name in ("events", "per_period", "per_entity", "sum", "mean")
            if (found := getattr(one, name)) is not None
        ]
        return Sheet("B against A", ("step", "number", "A", "B", "in words"), tuple(rows))
