"""Answers about sessions, with the keys that every face shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pathworth.base.json import ON_REQUEST
from pathworth.journeys import AsOf
from pathworth.measure.answers import Answer, Chart, Sheet
from pathworth.measure.cells import of_part, quoted
from pathworth.measure.contracts import Difference, Interval


@dataclass(frozen=True)
class Spread:
    """How a number is spread: its mean, and the three quartiles, each with its interval at 95 %.

    The mean's interval is a jackknife, the quartiles' are Woodruff's, with entities as units; null under 30 entities.
    """

    mean: float | None
    mean_interval: Interval | None
    quartiles: tuple[float, ...]
    quartile_intervals: tuple[Interval | None, ...]


@dataclass(frozen=True)
class SessionEdge:
    """An event that sessions begin or end with: how many do, which share of all, and of how many entities.

    ``interval`` is a jackknife at 95 % of the share; null with ``why`` beside it when there is none.
    """

    event: str
    sessions: int
    share: float
    interval: Interval | None
    entities: int
    why: str | None = None


@dataclass(frozen=True)
class SessionsOf:
    """The sessions of the entities with one value of a trait."""

    value: str | None
    sessions: int
    entities: int
    median_events: float | None
    median_seconds: float | None
    events: Spread
    seconds: Spread
    per_entity: Spread
    others: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class Sessions(Answer):
    """Stretches of a journey: how many, how long and busy the middle one is, what they begin and end with.

    Intervals are with entities as units; null with ``why`` beside it when there are too few. ``events`` and
    ``seconds`` are those of a session, ``per_entity`` are the sessions of an entity. ``begins`` and ``ends`` are every
    event with which a session does, the commonest first.
    """

    sessions: int
    entities: int
    median_events: float | None
    median_seconds: float | None
    median_events_interval: Interval | None
    median_seconds_interval: Interval | None
    why: str | None
    events: Spread
    seconds: Spread
    per_entity: Spread
    begins: tuple[SessionEdge, ...]
    ends: tuple[SessionEdge, ...]
    excluded: Mapping[str, int]
    as_of: AsOf
    by: tuple[SessionsOf, ...] | None = field(default=None, metadata=ON_REQUEST)
    overlap: int | None = field(default=None, metadata=ON_REQUEST)

    def sheet(self) -> Sheet:
        """Return one row for each of the three spreads."""
        named = (
            ("events of a session", self.events),
            ("seconds of a session", self.seconds),
            ("sessions of a person", self.per_entity),
        )
        heads = ("", "mean", "a quarter up to", "half up to", "three quarters up to")
        empty = (None, None, None)
        rows = tuple((name, one.mean, *(one.quartiles or empty)) for name, one in named)
        title = f"{self.sessions:,} sessions of {self.entities:,} people"
        return Sheet(title, heads, rows, Chart("bars", "", heads[1:]))

    def cells(self) -> dict[str, int]:
        """Return the entities of all sessions, of each part, and behind each event that they begin or end with."""
        found = {"entities": self.entities}
        for word, edges in (("begins", self.begins), ("ends", self.ends)):
            found |= {f"{word} {quoted(one.event)}": one.entities for one in edges}
        for part in self.by or ():
            found[f"entities | {of_part(part.value, joins=part.others)}"] = part.entities
        return found


@dataclass(frozen=True)
class SessionsDiff(Answer):
    """Sessions of two selections: how many a person has, how busy and how long they are on average.

    Intervals are a jackknife with the same groups on both sides; ``seconds`` are those of a session.
    """

    a: Sessions
    b: Sessions
    per_entity: Difference
    events: Difference
    seconds: Difference
    shared: int

    def sheet(self) -> Sheet:
        """Return the three comparisons."""
        named = (
            ("sessions a person", self.per_entity),
            ("events a session", self.events),
            ("seconds a session", self.seconds),
        )
        rows = tuple((name, one.a, one.b, one.words) for name, one in named)
        return Sheet("B against A", ("", "A", "B", "in words"), rows)
