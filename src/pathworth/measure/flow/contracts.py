"""Answers about moves, with the keys that every face shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pathworth.base.json import ON_REQUEST
from pathworth.journeys import AsOf
from pathworth.measure.answers import Answer, Chart, Sheet
from pathworth.measure.cells import move, of_part
from pathworth.measure.contracts import Difference, Interval


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
    ``entities``, ``median_seconds`` and ``median_interval`` are there on request, and so is ``money``: the net money of
    the events that the move enters, with its jackknife interval, and who carries more than 5 % of it.
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
    money: float | None = field(default=None, metadata=ON_REQUEST)
    money_interval: Interval | None = field(default=None, metadata=ON_REQUEST)
    money_carried_by: Carrier | None = field(default=None, metadata=ON_REQUEST)


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
class Transitions(Answer):
    """How often entities go from one event straight to another, and how long it takes.

    ``by`` splits the moves by a property of the event at which they begin, so the counts of an edge add up to
    its total; ``overlap`` is how many times entities are counted again in another part. ``currency`` is that of money.
    """

    entities: int
    events: int
    edges: tuple[Edge, ...]
    excluded: Mapping[str, int]
    as_of: AsOf
    by: tuple[EdgesOf, ...] | None = field(default=None, metadata=ON_REQUEST)
    overlap: int | None = field(default=None, metadata=ON_REQUEST)
    currency: str | None = field(default=None, metadata=ON_REQUEST)

    def sheet(self) -> Sheet:
        """Return one row per move, the commonest first, with what was asked for."""
        rows = sorted(self.edges, key=lambda edge: (-edge.count, edge.from_, edge.to))
        wanted = [
            name
            for name in ("entities", "median_seconds", "money")
            if any(getattr(edge, name) is not None for edge in rows)
        ]
        heads = ("from", "to", "count", "mean_seconds", *wanted)
        table = tuple(
            (
                edge.from_,
                edge.to,
                edge.count,
                edge.mean_seconds,
                *(getattr(edge, name) for name in wanted),
            )
            for edge in rows
        )
        title = f"{self.entities:,} people, {self.events:,} events: moves, the commonest first"
        return Sheet(title, heads, table, Chart("bars", ("from", "to"), ("count",)))

    def cells(self) -> dict[str, int]:
        """Return everybody, those of each part, and those behind every move if entities were asked for."""
        found = {"entities": self.entities}
        parts = {f" | {of_part(one.value, joins=one.others)}": one for one in self.by or ()}
        for part, edges in [("", self.edges), *((part, one.edges) for part, one in parts.items())]:
            for edge in edges:
                if edge.entities is not None:
                    found[move(edge.from_, edge.to) + part] = edge.entities
        return found | {f"entities{part}": one.entities for part, one in parts.items()}


@dataclass(frozen=True)
class EdgeDiff:
    """A move on both sides: its share of the moves that leave its source, and its mean time.

    ``q`` stands in both differences: the share of chance among moves at least as clear (Benjamini-Hochberg).
    """

    from_: str
    to: str
    count_a: int
    count_b: int
    share: Difference
    seconds: Difference
    entities_a: int | None = field(default=None, metadata=ON_REQUEST)
    entities_b: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class TransitionsDiff(Answer):
    """The moves of two selections.

    Intervals are a jackknife with the same groups on both sides. ``rate`` is the share of chance that is allowed among
    the moves said to differ. Above 64 events the 200 commonest moves are compared; ``left_out`` counts the others.
    ``shared`` counts the entities on both sides.
    """

    a: Transitions
    b: Transitions
    edges: tuple[EdgeDiff, ...]
    rate: float
    left_out: int
    shared: int

    def sheet(self) -> Sheet:
        """Return one row per move, the clearest differences first."""
        rows = sorted(self.edges, key=clearest)
        table = tuple(
            (one.from_, one.to, one.share.a, one.share.b, one.share.q, one.share.words)
            for one in rows
        )
        heads = ("from", "to", "A", "B", "q", "in words")
        return Sheet("B against A: share of the moves that leave an event", heads, table)


def clearest(edge: EdgeDiff) -> tuple[float, float, str, str]:
    """Return by what moves are ordered, the clearest difference first."""
    q, gap = edge.share.q, edge.share.difference
    return (2.0 if q is None else q, -abs(gap or 0.0), edge.from_, edge.to)
