"""Answers of measure, with the keys that every face shows, and the cells whose people can be listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pathworth.base.json import ON_REQUEST
from pathworth.journeys import AsOf, Step

Interval = tuple[float, float]
Order = Literal["ordered", "strict", "any"]
PeriodWord = Literal["day", "week", "month"]
Mode = Literal["calendar", "rolling", "unbounded", "recurring"]
Times = Literal["mean", "quantiles"]


@dataclass(frozen=True)
class FunnelStep:
    """A step of a funnel: who reached it, as shares of the first step and of the one before.

    ``interval`` is Wilson's at 95 % of ``from_first``; null with ``why`` beside it when there is none. On request:
    ``median_seconds`` from the first step to this one among those who reached it, with Woodruff's interval, and
    ``censored``, those who had not reached it when their time or the data ended and so have no time in it.
    """

    name: str
    entities: int
    from_first: float | None
    from_previous: float | None
    interval: Interval | None
    why: str | None = None
    median_seconds: float | None = field(default=None, metadata=ON_REQUEST)
    median_interval: Interval | None = field(default=None, metadata=ON_REQUEST)
    censored: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class FunnelOf:
    """The funnel of the entities with one value of a trait."""

    value: str | None
    steps: tuple[FunnelStep, ...]
    others: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class Funnel:
    """Who takes steps one after the other.

    ``by`` splits entities by their last known value of a trait: everybody counts once, so ``overlap`` is 0.
    """

    steps: tuple[FunnelStep, ...]
    excluded: Mapping[str, int]
    as_of: AsOf
    by: tuple[FunnelOf, ...] | None = field(default=None, metadata=ON_REQUEST)
    overlap: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class Difference:
    """A number of two selections, A and B, and how much larger that of B is.

    ``interval`` is that of ``difference`` at 95 %; null with ``why`` beside it when there is none. ``words`` say what
    can be concluded. ``q`` stands where many differences are looked at together: the share of chance among those at
    least as clear.
    """

    a: float | None
    b: float | None
    difference: float | None
    interval: Interval | None
    why: str | None
    words: str
    q: float | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class FunnelStepDiff:
    """The shares of a step on both sides: of those who took the first step, and of the step before."""

    name: str
    from_first: Difference
    from_previous: Difference


@dataclass(frozen=True)
class FunnelDiff:
    """The same funnel of two selections.

    ``shared`` counts the entities that took the first step on both sides. Without any the intervals are Newcombe's
    (``method`` newcombe), else a jackknife with the same groups on both sides (jackknife).
    """

    a: Funnel
    b: Funnel
    steps: tuple[FunnelStepDiff, ...]
    shared: int
    method: Literal["newcombe", "jackknife"]


@dataclass(frozen=True)
class FunnelCell:
    """The entities that reached a step of a funnel (1 is the first), or that dropped out right before it.

    ``by`` and ``value`` choose one part of a split funnel.
    """

    steps: tuple[str | Step, ...]
    step: int
    what: Literal["reached", "dropped"] = "reached"
    within: str | None = None
    order: Order = "ordered"
    by: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class People:
    """The entities behind a number: all of them counted, one page of their ids in order."""

    total: int
    ids: tuple[str, ...]
    as_of: AsOf
