"""What answers of measure share: words of parameters, differences, and the people behind a number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pathworth.base.json import ON_REQUEST
from pathworth.journeys import AsOf

Interval = tuple[float, float]
Order = Literal["ordered", "strict", "any"]
PeriodWord = Literal["day", "week", "month"]
Mode = Literal["calendar", "rolling", "unbounded", "recurring"]
Times = Literal["mean", "quantiles"]
FunnelTimes = Literal["none", "quantiles", "survival"]
Counted = Literal["entities", "occurrences"]


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
class People:
    """The entities behind a number: all of them counted, one page of their ids in order."""

    total: int
    ids: tuple[str, ...]
    as_of: AsOf
