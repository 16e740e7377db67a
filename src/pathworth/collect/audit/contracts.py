"""What an audit is given and what it says: the events of a source by day, findings, a score, a dated report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Aspect = Literal["missing", "volume", "schema", "duplicates", "clock", "bots", "consent"]
Severity = Literal["broken", "attention", "notice"]
ASPECTS: tuple[Aspect, ...] = (
    "missing", "volume", "schema", "duplicates", "clock", "bots", "consent",
)  # fmt: skip


@dataclass(frozen=True)
class Values:
    """A property of events: code 0 is nothing, code k is ``texts[k - 1]``."""

    codes: NDArray
    texts: Sequence[str]


@dataclass(frozen=True)
class SourceEvents:
    """The events of one source, each entity's together and in the order of time.

    Parameters
    ----------
    source, names
        What the source is called, and the names of events by code.
    first_day, days
        The local day that is day 0, and how many days are looked at.
    entity, name, day, second
        int[n] each: whose an event is, its name's code, its day, and the second since 1970 UTC.
    columns
        Properties by name, opened when they are asked for; one that holds no texts has one, which stands for all.
    """

    source: str
    names: Sequence[str]
    first_day: date
    days: int
    entity: NDArray
    name: NDArray
    day: NDArray
    second: NDArray
    columns: Mapping[str, Values] = field(default_factory=dict)

    def date_of(self, day: int) -> str:
        """Return a day as ISO date."""
        return (self.first_day + timedelta(days=int(day))).isoformat()


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with what a source sends, or was.

    Parameters
    ----------
    aspect, severity
        Which of the audit's questions found it, and how much it matters.
    event, property, value
        What it is about; null where it is about more.
    since, until
        First and last local day, ISO; ``until`` is null while it lasts, ``since`` where no day is known.
    seen, expected
        How many came, and how many were to be expected; null where nothing was to be expected.
    beside
        The event that went on, where one is compared with.
    chance
        The probability, at most, that chance alone does this on that day; null where nothing was tested.
    sentence, remedy
        What is so, and what to do.
    """

    aspect: Aspect
    severity: Severity
    sentence: str
    remedy: str
    seen: int
    expected: float | None = None
    event: str | None = None
    property: str | None = None
    value: str | None = None
    since: str | None = None
    until: str | None = None
    beside: str | None = None
    chance: float | None = None


@dataclass(frozen=True)
class Flags:
    """Days on which cells are out of their usual range.

    Parameters
    ----------
    on
        bool[cells, days]: whether a cell is found out on a day.
    chance
        float64[cells, days]: the smallest probability of any window that ends there, 1 where none was tried.
    """

    on: NDArray[np.bool_]
    chance: NDArray[np.float64]
