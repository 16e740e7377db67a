"""What is said of limits: how long each class of data is kept, what a batch removed, what one would remove."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

EVENTS, DECISIONS, REFUSED = "events", "decisions", "refused"
OWN = f"{EVENTS}:"
"""Begins the class of the events of one source; those of all others are in ``events``."""
FOR_EVER = "for ever"


@dataclass(frozen=True)
class Kept:
    """How long each class is kept, as durations by the classes' names; a class that is not named is kept for ever.

    A source may be kept ``for ever`` where others are not.
    """

    limits: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str) -> str | None:
        """Return how long a class is kept; null for ever."""
        said = self.limits.get(name)
        if said is None and name.startswith(OWN):
            said = self.limits.get(EVENTS)
        return None if said in {None, FOR_EVER} else said


@dataclass(frozen=True)
class Removed:
    """What a batch removed of a class: where that was, how many rows, and when, ISO 8601 in UTC."""

    name: str
    place: str
    rows: int
    at: str


@dataclass(frozen=True)
class KeepBatch:
    """One batch: when it began and was done (null: it was cut short and is gone on with), and what it removed."""

    began_at: str
    done_at: str | None
    limits: Mapping[str, str]
    removed: tuple[Removed, ...]


@dataclass(frozen=True)
class Day:
    """Rows of one day in the workspace's time zone (ISO)."""

    day: str
    rows: int


@dataclass(frozen=True)
class WouldGo:
    """What a limit would remove of a class: how many rows, of which days."""

    name: str
    rows: int
    days: tuple[Day, ...]


@dataclass(frozen=True)
class KeepNote:
    """What a change of the lake is noted with: the batch, and how many events of each class it removes."""

    batch: int
    events: Mapping[str, int]
