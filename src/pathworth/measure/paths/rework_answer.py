"""The answer about rework: returns to states, loops between two, and how two selections differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pathworth.base.json import ON_REQUEST
from pathworth.journeys import AsOf
from pathworth.measure.answers import Answer, Sheet
from pathworth.measure.cells import AGAIN, ALL, BACK, OTHER, of_part, quoted
from pathworth.measure.contracts import Difference, Interval


@dataclass(frozen=True)
class ReworkState:
    """A state, who visits it, who comes back to it, and who stays with it.

    A visit is consecutive events of one state; a return is a later visit of the same entity. ``share`` is
    ``returning`` of ``entities``. ``again`` counts events straight after one of the same state. The median is the time
    from a state's last event before to the return; it and its interval are null where there is none.
    """

    state: str
    entities: int
    visits: int
    returning: int
    returns: int
    share: float | None
    interval: Interval | None
    median_seconds: float | None
    median_interval: Interval | None
    repeating: int
    again: int
    why: str | None = None
    joins: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class ReworkLoop:
    """A visit of ``state``, one of ``through`` straight after it, and ``state`` again straight after that.

    ``share`` is ``entities`` of all entities; the median is the time from leaving ``state`` to being back.
    """

    state: str
    through: str
    entities: int
    count: int
    share: float | None
    interval: Interval | None
    median_seconds: float | None
    median_interval: Interval | None
    why: str | None = None


@dataclass(frozen=True)
class OtherLoops:
    """All rarer loops together, and how many different ones they are."""

    loops: int
    entities: int
    count: int
    share: float | None
    interval: Interval | None
    median_seconds: float | None
    median_interval: Interval | None
    why: str | None = None


@dataclass(frozen=True)
class ReworkOf:
    """The rework of the entities with one value of a trait, without times; ``others`` says how many values it joins."""

    value: str | None
    entities: int
    states: tuple[ReworkState, ...]
    loops: tuple[ReworkLoop, ...]
    rest: OtherLoops
    others: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class Rework(Answer):
    """Who comes back to states and goes in loops; ``entities`` have a state, ``by`` parts add up to the total."""

    entities: int
    states: tuple[ReworkState, ...]
    loops: tuple[ReworkLoop, ...]
    rest: OtherLoops
    excluded: Mapping[str, int]
    as_of: AsOf
    by: tuple[ReworkOf, ...] | None = field(default=None, metadata=ON_REQUEST)
    overlap: int | None = field(default=None, metadata=ON_REQUEST)

    def sheet(self) -> Sheet:
        """Return one row per state and per loop."""
        rows = [
            (one.state, "", one.returning, one.returns, one.share, one.median_seconds)
            for one in self.states
        ]
        rows += [
            (one.state, one.through, one.entities, one.count, one.share, one.median_seconds)
            for one in self.loops
        ]
        rest = self.rest
        told = f"{rest.loops:,} others"
        rows.append(("", told, rest.entities, rest.count, rest.share, rest.median_seconds))
        heads = ("state", "through", "entities", "times", "share", "median_seconds")
        return Sheet("Returns to states, and loops through another", heads, tuple(rows))

    def cells(self) -> dict[str, int]:
        """Return the entities of every state and loop, and of every part."""
        found = dict(_numbers(self))
        for one in self.by or ():
            part = f" | {of_part(one.value, joins=one.others)}"
            found |= {cell + part: n for cell, n in _numbers(one)}
        return found


def _numbers(one: Rework | ReworkOf) -> Iterator[tuple[str, int]]:
    """Yield cells with the entities behind them."""
    yield ALL, one.entities
    for state in one.states:
        word = quoted(state.state) if state.joins is None else OTHER
        yield word, state.entities
        yield f"{word} > {BACK}", state.returning
        yield f"{word} > {AGAIN}", state.repeating
    for loop in one.loops:
        yield f"{quoted(loop.state)} > {quoted(loop.through)}", loop.entities
    yield f"{OTHER} > {OTHER}", one.rest.entities


@dataclass(frozen=True)
class ReworkStateDiff:
    """The share of those at a state who come back to it, on both sides."""

    state: str
    share: Difference
    joins: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class ReworkLoopDiff:
    """The share of all entities who go in a loop, on both sides."""

    state: str
    through: str
    share: Difference


@dataclass(frozen=True)
class ReworkDiff(Answer):
    """The rework of two selections, of the states and loops that are common in both together.

    ``shared`` counts the entities on both sides; with none, intervals of shares of entities are Newcombe's, else a
    jackknife with the same groups on both sides.
    """

    a: Rework
    b: Rework
    states: tuple[ReworkStateDiff, ...]
    loops: tuple[ReworkLoopDiff, ...]
    shared: int

    def sheet(self) -> Sheet:
        """Return one row per state and per loop."""
        rows = [(one.state, "", one.share) for one in self.states]
        rows += [(one.state, one.through, one.share) for one in self.loops]
        shown = tuple((*row[:2], row[2].a, row[2].b, row[2].words) for row in rows)
        return Sheet("B against A", ("state", "through", "A", "B", "in words"), shown)
