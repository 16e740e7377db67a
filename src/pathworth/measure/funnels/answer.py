"""Answers about funnels, with the keys that every face shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pathworth.base.json import ON_REQUEST
from pathworth.journeys import AsOf
from pathworth.measure.answers import Answer, Chart, Sheet
from pathworth.measure.cells import of_part
from pathworth.measure.contracts import Counted, Difference, Interval

OpenInterval = tuple[float, float | None]
"""From, to; to is null where the number may be as large as it likes."""


@dataclass(frozen=True)
class CurvePoint:
    """How many had reached a step when so many seconds had gone by since the first step.

    ``share`` is of all who took the first step, with those of whom it is not known (yet) treated as censored;
    ``interval`` is its at 95 %, null where there is none.
    """

    seconds: float
    entities: int
    share: float
    interval: Interval | None


@dataclass(frozen=True)
class Survival:
    """When a step is reached, with everybody counted who took the first one.

    The clock of each begins with the first event of the first step and runs until the step is first reached.
    ``censored`` had not reached it when the data or the period ended. ``over``, of units and attempts only: those
    that cannot reach it any more, because a session ended, the window did, or the next attempt began. A quartile is
    null where fewer are expected to reach the step in the time that was seen. Intervals are at 95 %: of shares of
    entities by Greenwood's variance on the scale of log(-log), of other units a jackknife; quartiles are read off
    them (Brookmeyer and Crowley).
    """

    reached: int
    censored: int
    quarter_seconds: float | None
    median_seconds: float | None
    three_quarters_seconds: float | None
    quarter_interval: OpenInterval | None
    median_interval: OpenInterval | None
    three_quarters_interval: OpenInterval | None
    curve: tuple[CurvePoint, ...]
    over: int | None = field(default=None, metadata=ON_REQUEST)
    why: str | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class FunnelStep:
    """A step of a funnel: who reached it, as shares of the first step and of the one before that must be taken.

    ``interval`` is that of ``from_first`` at 95 %: Wilson's for entities, a jackknife over persons for units inside
    journeys and for attempts; null with ``why`` beside it when there is none. On request: ``median_seconds`` from
    the first step to this one among those who reached it, with Woodruff's interval, and ``censored``, those who had
    not reached it when their time or the data ended and so have no time in it; ``survival``. ``optional`` says that
    the step may be left out; ``owners`` how many persons the units are of.
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
    optional: bool | None = field(default=None, metadata=ON_REQUEST)
    owners: int | None = field(default=None, metadata=ON_REQUEST)
    survival: Survival | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class FunnelOf:
    """The funnel of the entities with one value of a trait."""

    value: str | None
    steps: tuple[FunnelStep, ...]
    others: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class Funnel(Answer):
    """Who takes steps one after the other.

    ``by`` splits entities by their last known value of a trait: everybody counts once, so ``overlap`` is 0.
    ``count`` says that attempts are counted.
    """

    steps: tuple[FunnelStep, ...]
    excluded: Mapping[str, int]
    as_of: AsOf
    by: tuple[FunnelOf, ...] | None = field(default=None, metadata=ON_REQUEST)
    overlap: int | None = field(default=None, metadata=ON_REQUEST)
    count: Counted | None = field(default=None, metadata=ON_REQUEST)

    def sheet(self) -> Sheet:
        """Return one row per step, and per part if there are parts."""
        parts = [(None, self.steps)] if self.by is None else [(p.value, p.steps) for p in self.by]
        named = () if self.by is None else ("value",)
        heads = ("step", "people", "of first", "of step before", "from", "to", *_timed(self.steps))
        rows = tuple(
            (*(() if self.by is None else (str(value),)), *_row(step), *_times(step, self.steps))
            for value, steps in parts
            for step in steps
        )
        chart = Chart("bars", "step", ("of first",), by=None if self.by is None else "value")
        return Sheet("Of those who take the first step", (*named, *heads), rows, chart)

    def cells(self) -> dict[str, int]:
        """Return every number of entities: reached and dropped by step, and those of its curve."""
        parts = [("", self.steps)]
        parts += [
            (f" of {of_part(one.value, joins=one.others)}", one.steps) for one in self.by or ()
        ]
        return {f"{cell}{part}": count for part, steps in parts for cell, count in _cells(steps)}


def _row(step: FunnelStep) -> tuple[str | float | None, ...]:
    low, high = step.interval or (None, None)
    return (step.name, step.entities, step.from_first, step.from_previous, low, high)


def _timed(steps: tuple[FunnelStep, ...]) -> tuple[str, ...]:
    """Return the heads of the times that were asked for: those of the last step."""
    if steps[-1].survival is not None:
        return ("half get there in s", "not there yet")
    return () if steps[-1].censored is None else ("median s",)


def _times(step: FunnelStep, steps: tuple[FunnelStep, ...]) -> tuple[float | None, ...]:
    """Return the times of a step under the heads of ``_timed``."""
    if step.survival is not None:
        return step.survival.median_seconds, step.survival.censored
    return (step.median_seconds, None)[: len(_timed(steps))]


def _cells(steps: tuple[FunnelStep, ...]) -> Iterator[tuple[str, int]]:
    before = 0
    for k, step in enumerate(steps):
        yield f"reached {k + 1}", step.entities
        if k:
            yield f"dropped {k + 1}", steps[before].entities - step.entities
        if step.survival is not None:
            yield f"censored {k + 1}", step.survival.censored
            if step.survival.over is not None:
                yield f"over {k + 1}", step.survival.over
            for point in step.survival.curve:
                yield f"reached {k + 1} by {point.seconds:.3f}s", point.entities
        before = before if step.optional else k


@dataclass(frozen=True)
class FunnelStepDiff:
    """The shares of a step on both sides: of those who took the first step, and of the step before."""

    name: str
    from_first: Difference
    from_previous: Difference


@dataclass(frozen=True)
class FunnelDiff(Answer):
    """The same funnel of two selections.

    ``shared`` counts the entities that took the first step on both sides. Without any the intervals are Newcombe's
    (``method`` newcombe), else, and for units inside journeys and attempts, a jackknife with the same groups on both
    sides (jackknife).
    """

    a: Funnel
    b: Funnel
    steps: tuple[FunnelStepDiff, ...]
    shared: int
    method: Literal["newcombe", "jackknife"]

    def sheet(self) -> Sheet:
        """Return one row per step."""
        rows = tuple(
            (one.name, one.from_first.a, one.from_first.b, one.from_first.words)
            for one in self.steps
        )
        return Sheet(
            "B against A, of those who take the first step", ("step", "A", "B", "in words"), rows
        )
