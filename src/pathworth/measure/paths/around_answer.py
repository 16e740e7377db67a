"""The answers about what lies around an anchor: a matrix of positions, and the moves between its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pathworth.base.json import ON_REQUEST
from pathworth.journeys import AsOf
from pathworth.measure.answers import Answer, Chart, Sheet
from pathworth.measure.cells import of_part, quoted
from pathworth.measure.contracts import Difference, Interval

Kind = Literal["state", "other", "not yet begun", "ended", "outside the window"]


@dataclass(frozen=True)
class MatrixRow:
    """One state around the anchor: its walks and their share at every position.

    ``kind`` tells states from the others together (``joins`` says how many), from walks that have not yet begun there
    or have ended, and from what lies outside the window. ``entities`` are those behind the walks where every
    occurrence counts.
    """

    state: str
    kind: Kind
    counts: tuple[int, ...]
    shares: tuple[float | None, ...]
    intervals: tuple[Interval | None, ...]
    joins: int | None = field(default=None, metadata=ON_REQUEST)
    entities: tuple[int, ...] | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class StepMatrixOf:
    """The matrix of the entities with one value of a trait; ``others`` says how many rarer values it joins."""

    value: str | None
    anchored: int
    walks: int
    rows: tuple[MatrixRow, ...]
    others: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class StepMatrix(Answer):
    """Where walks are, so many states before and after an anchor; every position adds up to all walks.

    ``why`` says why no share has an interval.
    """

    positions: tuple[int, ...]
    entities: int
    anchored: int
    walks: int
    rows: tuple[MatrixRow, ...]
    why: str | None
    excluded: Mapping[str, int]
    as_of: AsOf
    by: tuple[StepMatrixOf, ...] | None = field(default=None, metadata=ON_REQUEST)
    overlap: int | None = field(default=None, metadata=ON_REQUEST)

    def sheet(self) -> Sheet:
        """Return one row per state, with its share at every position."""
        columns = tuple(str(one) for one in self.positions)
        rows = tuple((row.state, *row.shares) for row in self.rows)
        title = "Where they are, so many states before and after"
        return Sheet(title, ("state", *columns), rows, Chart("heat", "state", columns))

    def cells(self) -> dict[str, int]:
        """Return the entities of every state and position, and of every part."""
        found = _anchored(self)
        for part, one in _whole_and_parts(self):
            for row in one.rows:
                who = row.counts if row.entities is None else row.entities
                found |= {
                    f"{position} {_word(row.state, row.kind)}{part}": n
                    for position, n in zip(self.positions, who, strict=True)
                    if n
                }
        return found


@dataclass(frozen=True)
class MatrixRowDiff:
    """The share of walks at a state on both sides, position by position."""

    state: str
    kind: Kind
    shares: tuple[Difference, ...]
    joins: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class StepMatrixDiff(Answer):
    """The same matrix of two selections, with the states that are common in both together; see ``PathsDiff``."""

    a: StepMatrix
    b: StepMatrix
    rows: tuple[MatrixRowDiff, ...]
    shared: int

    def sheet(self) -> Sheet:
        """Return one row per state and position."""
        rows = tuple(
            (row.state, position, one.a, one.b, one.words)
            for row in self.rows
            for position, one in zip(self.a.positions, row.shares, strict=True)
        )
        return Sheet("B against A", ("state", "position", "A", "B", "in words"), rows)


@dataclass(frozen=True)
class SankeyNode:
    """A state at a position: its walks and their share of all; ``kind`` as in ``MatrixRow``."""

    position: int
    state: str
    kind: Kind
    count: int
    share: float
    interval: Interval | None
    why: str | None = None
    joins: int | None = field(default=None, metadata=ON_REQUEST)
    entities: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class SankeyLink:
    """A move from a state at a position to one at the next; ``share`` is of the walks at the first."""

    position: int
    from_: str
    from_kind: Kind
    to: str
    to_kind: Kind
    count: int
    share: float
    interval: Interval | None
    why: str | None = None
    entities: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class StepSankeyOf:
    """The moves of the entities with one value of a trait; ``others`` says how many rarer values it joins."""

    value: str | None
    anchored: int
    walks: int
    nodes: tuple[SankeyNode, ...]
    links: tuple[SankeyLink, ...]
    others: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class StepSankey(Answer):
    """The moves between neighbouring columns of a step matrix; those into and out of a state add up to its walks."""

    positions: tuple[int, ...]
    entities: int
    anchored: int
    walks: int
    nodes: tuple[SankeyNode, ...]
    links: tuple[SankeyLink, ...]
    excluded: Mapping[str, int]
    as_of: AsOf
    by: tuple[StepSankeyOf, ...] | None = field(default=None, metadata=ON_REQUEST)
    overlap: int | None = field(default=None, metadata=ON_REQUEST)

    def sheet(self) -> Sheet:
        """Return one row per move."""
        rows = tuple((one.position, one.from_, one.to, one.count, one.share) for one in self.links)
        heads = ("position", "from", "to", "count", "share")
        return Sheet("Moves around the anchor", heads, rows, Chart("flow", "position", ("count",)))

    def cells(self) -> dict[str, int]:
        """Return the entities of every state and move, and of every part."""
        found = _anchored(self)
        for part, one in _whole_and_parts(self):
            for node in one.nodes:
                word = _word(node.state, node.kind)
                found[f"{node.position} {word}{part}"] = _who(node)
            for link in one.links:
                ends = _word(link.from_, link.from_kind), _word(link.to, link.to_kind)
                found[f"{link.position} {ends[0]} > {ends[1]}{part}"] = _who(link)
        return found


@dataclass(frozen=True)
class SankeyNodeDiff:
    """The share of all walks that are at a state at a position, on both sides."""

    position: int
    state: str
    kind: Kind
    share: Difference


@dataclass(frozen=True)
class SankeyLinkDiff:
    """The share of the walks at a state that move on to another, on both sides."""

    position: int
    from_: str
    from_kind: Kind
    to: str
    to_kind: Kind
    share: Difference


@dataclass(frozen=True)
class StepSankeyDiff(Answer):
    """The same moves of two selections, with the states that are common in both together; see ``PathsDiff``."""

    a: StepSankey
    b: StepSankey
    nodes: tuple[SankeyNodeDiff, ...]
    links: tuple[SankeyLinkDiff, ...]
    shared: int

    def sheet(self) -> Sheet:
        """Return one row per state and per move."""
        rows = [(one.position, one.state, "", one.share) for one in self.nodes]
        rows += [(one.position, one.from_, one.to, one.share) for one in self.links]
        heads = ("position", "from", "to", "A", "B", "in words")
        shown = ((*row[:3], row[3].a, row[3].b, row[3].words) for row in rows)
        return Sheet("B against A", heads, tuple(shown))


def _word(state: str, kind: Kind) -> str:
    """Return how a state is written in a cell."""
    return quoted(state) if kind == "state" else f"({kind})"


def _who(one: SankeyNode | SankeyLink) -> int:
    return one.count if one.entities is None else one.entities


def _anchored(answer: StepMatrix | StepSankey) -> dict[str, int]:
    """Return the cells of those with an anchor and without."""
    found = {"(without an anchor)": answer.entities - answer.anchored}
    return found | {f"(anchored){part}": one.anchored for part, one in _whole_and_parts(answer)}


def _whole_and_parts(answer: Any) -> list[tuple[str, Any]]:
    """Return the answer, and each part of its breakdown, with what stands behind its cells."""
    parts = ((f" | {of_part(one.value, joins=one.others)}", one) for one in answer.by or ())
    return [("", answer), *parts]
