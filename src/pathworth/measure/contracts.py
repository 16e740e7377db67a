"""Answers of measure, with the keys that every face shows, and the cells whose people can be listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pathworth.base.json import ON_REQUEST
from pathworth.journeys import AsOf

Interval = tuple[float, float]
Order = Literal["ordered", "strict", "any"]
PeriodWord = Literal["day", "week", "month"]
Mode = Literal["calendar", "rolling", "unbounded"]
Times = Literal["mean", "quantiles"]
FunnelTimes = Literal["none", "quantiles", "survival"]
Counted = Literal["entities", "occurrences"]


@dataclass(frozen=True)
class Carrier:
    """One entity that carries more than 5 % of a sum, and which share of it."""

    entity: str
    share: float


@dataclass(frozen=True)
class Edge:
    """A move between two events or steps, one straight after the other.

    ``mean_interval`` is a delete-a-group jackknife at 95 %; null with ``why`` beside it when there is none.
    ``carried_by`` stands beside an interval when one entity carries more than 5 % of the time.
    ``entities``, ``median_seconds`` and ``median_interval`` are there on request.
    """

    from_: str
    to: str
    count: int
    mean_seconds: float
    mean_interval: Interval | None
    why: str | None = None
    entities: int | None = field(default=None, metadata=ON_REQUEST)
    median_seconds: float | None = field(default=None, metadata=ON_REQUEST)
    median_interval: Interval | None = field(default=None, metadata=ON_REQUEST)
    carried_by: Carrier | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class EdgesOf:
    """The moves that begin at an event with one value of a property; ``entities`` made one of them.

    The part that stands for all rarer values together has ``value`` other and says how many: ``others``.
    """

    value: str | None
    entities: int
    moves: int
    edges: tuple[Edge, ...]
    others: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class Transitions:
    """How often entities go from one event straight to another, and how long it takes.

    ``by`` splits the moves by a property of the event at which they begin, so the counts of an edge add up to
    its total; ``overlap`` is how many times entities are counted again in another part.
    """

    entities: int
    events: int
    edges: tuple[Edge, ...]
    excluded: Mapping[str, int]
    as_of: AsOf
    by: tuple[EdgesOf, ...] | None = field(default=None, metadata=ON_REQUEST)
    overlap: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class Cohort:
    """Entities whose first start event of all time lies in one period, and how many came back.

    ``retained[k]`` counts entities, null where the period is not over; ``intervals[k]`` is Wilson's at
    95 % of its share of ``size``, null in cell 0, where the period is not over, and under 30 entities.
    """

    start: str
    size: int
    retained: tuple[int | None, ...]
    intervals: tuple[Interval | None, ...]


@dataclass(frozen=True)
class RetentionOf:
    """The cohorts of the entities with one value of a trait."""

    value: str | None
    cohorts: tuple[Cohort, ...]
    others: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class Retention:
    """Who comes back, by the period in which they began.

    ``by`` splits entities by their last known value of a trait: everybody counts once, so the cells of all parts
    add up to the total and ``overlap`` is 0.
    """

    cohorts: tuple[Cohort, ...]
    excluded: Mapping[str, int]
    as_of: AsOf
    by: tuple[RetentionOf, ...] | None = field(default=None, metadata=ON_REQUEST)
    overlap: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class Sessions:
    """Stretches of a journey without a pause longer than the gap, and how long and busy the middle one is.

    Intervals are Woodruff's at 95 %, with entities as units; null with ``why`` beside it when there is none.
    """

    sessions: int
    entities: int
    median_events: float | None
    median_seconds: float | None
    median_events_interval: Interval | None
    median_seconds_interval: Interval | None
    why: str | None
    excluded: Mapping[str, int]
    as_of: AsOf


@dataclass(frozen=True)
class Difference:
    """A number of two selections, A and B, and how much larger that of B is.

    ``interval`` is that of ``difference`` at 95 %; null with ``why`` beside it when there is none. ``words`` say what
    can be concluded.
    """

    a: float | None
    b: float | None
    difference: float | None
    interval: Interval | None
    why: str | None
    words: str


@dataclass(frozen=True)
class RetentionCellDiff:
    """Who came back after ``k`` periods on both sides: over all cohorts whose cell is over, with their sizes."""

    k: int
    size_a: int
    size_b: int
    share: Difference


@dataclass(frozen=True)
class RetentionDiff:
    """The same retention of two selections; intervals are a jackknife with the same groups on both sides."""

    a: Retention
    b: Retention
    cells: tuple[RetentionCellDiff, ...]
    shared: int


@dataclass(frozen=True)
class SessionsDiff:
    """Sessions of two selections: how many a person has, how busy and how long they are on average.

    Intervals are a jackknife with the same groups on both sides; ``seconds`` are those of a session.
    """

    a: Sessions
    b: Sessions
    per_entity: Difference
    events: Difference
    seconds: Difference
    shared: int


@dataclass(frozen=True)
class EdgeCell:
    """The entities of an edge; ``by`` and ``value`` for one part of a split edge."""

    from_: str
    to: str
    by: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class RetentionCell:
    """The entities of a cohort, by its ``start`` in the answer, that are counted in cell ``k``, or that are not.

    ``by`` and ``value`` choose one part of a split retention.
    """

    cohort: str
    k: int
    start: str | None = None
    return_: str | None = None
    period: PeriodWord = "month"
    mode: Mode = "calendar"
    what: Literal["retained", "lost"] = "retained"
    by: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class SelectionCell:
    """Every entity with a selected event: the entities of transitions and sessions."""


Cell = EdgeCell | RetentionCell | SelectionCell


@dataclass(frozen=True)
class People:
    """The entities behind a number: all of them counted, one page of their ids in order."""

    total: int
    ids: tuple[str, ...]
    as_of: AsOf
