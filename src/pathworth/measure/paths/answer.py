"""The answer about paths: states by level, moves between them, and where walks stop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pathworth.base.json import ON_REQUEST
from pathworth.journeys import AsOf
from pathworth.measure.answers import Answer, Chart, Sheet
from pathworth.measure.cells import OTHER, of_part, quoted
from pathworth.measure.contracts import Difference, Interval

Why = Literal["ended", "began", "late", "arrived", "cut"]


@dataclass(frozen=True)
class PathStop:
    """Walks that go no further from a state, and why.

    ``ended``: nothing follows; looking back ``began``: nothing precedes. ``late``: what is next lies outside the
    window. ``arrived``: the end of the path is reached. ``cut``: they go on beyond the depth. ``share`` is of the
    walks at the state; its interval is null with ``why`` beside it when there is none.
    """

    kind: Why
    count: int
    share: float
    interval: Interval | None
    why: str | None = None
    entities: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class PathNode:
    """A state at a level: its walks, their share of all, and those that stop there.

    Those that stop and those on its links outward add up to ``count``. ``joins`` says how many states stand together
    as other. ``entities`` are those behind the walks where every occurrence counts.
    """

    level: int
    state: str
    count: int
    share: float
    interval: Interval | None
    stops: tuple[PathStop, ...]
    why: str | None = None
    joins: int | None = field(default=None, metadata=ON_REQUEST)
    entities: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class PathLink:
    """A move from a state of one level to one of the next; ``level`` is that of ``from``.

    ``share`` is of the walks at the state nearer to the anchor. ``median_seconds`` is there on request.
    """

    level: int
    from_: str
    to: str
    count: int
    share: float
    interval: Interval | None
    why: str | None = None
    from_joins: int | None = field(default=None, metadata=ON_REQUEST)
    to_joins: int | None = field(default=None, metadata=ON_REQUEST)
    entities: int | None = field(default=None, metadata=ON_REQUEST)
    median_seconds: float | None = field(default=None, metadata=ON_REQUEST)
    median_interval: Interval | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class PathsOf:
    """The paths of the entities with one value of a trait; ``others`` says how many rarer values it joins."""

    value: str | None
    anchored: int
    walks: int
    nodes: tuple[PathNode, ...]
    links: tuple[PathLink, ...]
    others: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class Paths(Answer):
    """Which ways journeys take from an anchor, level by level.

    ``entities`` have an event in the selection, ``anchored`` of them an anchor, which began ``walks``. Levels are 0 at
    the anchor, rising into the future and falling into the past. ``by`` parts add up to the total.
    """

    direction: Literal["forward", "backward"]
    entities: int
    anchored: int
    walks: int
    nodes: tuple[PathNode, ...]
    links: tuple[PathLink, ...]
    excluded: Mapping[str, int]
    as_of: AsOf
    by: tuple[PathsOf, ...] | None = field(default=None, metadata=ON_REQUEST)
    overlap: int | None = field(default=None, metadata=ON_REQUEST)

    def sheet(self) -> Sheet:
        """Return one row per move and per stop."""
        rows = [
            (link.level, link.from_, link.to, link.count, link.share, link.median_seconds)
            for link in self.links
        ]
        back = self.direction == "backward"
        for node in self.nodes:
            for stop in node.stops:
                # Why walks stop stands where they would have gone on: looking back, before the state.
                ends = node.state, f"({stop.kind})"
                first, last = reversed(ends) if back else ends
                rows.append((node.level - back, first, last, stop.count, stop.share, None))
        heads = ("level", "from", "to", "count", "share", "median_seconds")
        chart = Chart("flow", "level", ("count",))
        return Sheet(f"Paths {self.direction}, level by level", heads, tuple(rows), chart)

    def cells(self) -> dict[str, int]:
        """Return the entities of every state, move and stop, and of every part."""
        found = dict(_numbers(self.nodes, self.links))
        found["(anchored)"] = self.anchored
        found["(without an anchor)"] = self.entities - self.anchored
        for one in self.by or ():
            part = f" | {of_part(one.value, joins=one.others)}"
            found[f"(anchored){part}"] = one.anchored
            found |= {cell + part: n for cell, n in _numbers(one.nodes, one.links)}
        return found


def word_of(state: str, joins: int | None) -> str:
    """Return how a state is written in a cell."""
    return quoted(state) if joins is None else OTHER


def _numbers(nodes: tuple[PathNode, ...], links: tuple[PathLink, ...]) -> Iterator[tuple[str, int]]:
    """Yield cells with the entities behind them."""
    for node in nodes:
        cell = f"{node.level} {word_of(node.state, node.joins)}"
        yield cell, _who(node)
        for stop in node.stops:
            yield f"{cell} > ({stop.kind})", _who(stop)
    for link in links:
        ends = word_of(link.from_, link.from_joins), word_of(link.to, link.to_joins)
        yield f"{link.level} {ends[0]} > {ends[1]}", _who(link)


def _who(one: PathNode | PathLink | PathStop) -> int:
    return one.count if one.entities is None else one.entities


@dataclass(frozen=True)
class PathNodeDiff:
    """The share of all walks that stand at a state of a level, on both sides."""

    level: int
    state: str
    share: Difference
    joins: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class PathLinkDiff:
    """The share of the walks at a state that move on to another, or stop for ``to`` in brackets, on both sides."""

    level: int
    from_: str
    to: str
    share: Difference
    from_joins: int | None = field(default=None, metadata=ON_REQUEST)
    to_joins: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class PathsDiff(Answer):
    """The same paths of two selections, with the states that are common in both together.

    ``shared`` counts the entities with an anchor on both sides; with none, intervals of shares of entities are
    Newcombe's, else a jackknife with the same groups on both sides.
    """

    a: Paths
    b: Paths
    nodes: tuple[PathNodeDiff, ...]
    links: tuple[PathLinkDiff, ...]
    shared: int

    def sheet(self) -> Sheet:
        """Return one row per state and per move."""
        rows = [(one.level, one.state, "", one.share) for one in self.nodes]
        rows += [(one.level, one.from_, one.to, one.share) for one in self.links]
        heads = ("level", "from", "to", "A", "B", "in words")
        shown = ((*row[:3], row[3].a, row[3].b, row[3].words) for row in rows)
        return Sheet("B against A", heads, tuple(shown))
