"""Days, ISO weeks and months in a timezone, as instants and as a table that kernels can read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from pathworth.base.durations import DAY_US

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
ROLLING_DAYS = {"day": 1, "week": 7, "month": 30}


@dataclass(frozen=True)
class Calendar:
    """Consecutive periods; ``edges_us`` is int64[periods + 1] of instants, ``word`` day, week or month."""

    word: str
    timezone: str
    edges_us: NDArray[np.int64]

    @property
    def periods(self) -> int:
        """Return how many periods there are."""
        return len(self.edges_us) - 1


@dataclass(frozen=True)
class Slices:
    """Periods by equal slices of time: ``period_of[(time - base_us) // slice_us]``, -1 before the first."""

    period_of: NDArray[np.int32]
    base_us: int
    slice_us: int


@lru_cache(maxsize=64)
def calendar(word: str, timezone: str, *, first_us: int, last_us: int) -> Calendar:
    """Return the periods from that of the first instant to that of the last."""
    zone = ZoneInfo(timezone)
    day = begin_of(word, _local_day(first_us, zone))
    last = _local_day(last_us, zone)
    edges = [_instant_us(day, zone)]
    while day <= last:
        day = _next(word, day)
        edges.append(_instant_us(day, zone))
    return Calendar(word, timezone, np.array(edges, np.int64))


def begin_of(word: str, day: date) -> date:
    """Return the first day of the period in which a day lies; weeks begin on Monday (ISO 8601)."""
    if word == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if word == "month" else day


def end_of_day_us(instant_us: int, timezone: str) -> int:
    """Return the instant at which the local day of an instant ends."""
    zone = ZoneInfo(timezone)
    return _instant_us(_local_day(instant_us, zone) + timedelta(days=1), zone)


def is_midnight(instant_us: int, timezone: str) -> bool:
    """Return whether an instant is the first of its local day."""
    zone = ZoneInfo(timezone)
    return _instant_us(_local_day(instant_us, zone), zone) == instant_us


def slices(edges: Calendar, *, first_us: int, last_us: int) -> Slices:
    """Return the table of periods for events from one instant to another.

    A slice is the greatest length that divides every period: a day in UTC, an hour or a quarter of one
    where clocks change.
    """
    base = min(first_us, int(edges.edges_us[0]))
    length = math.gcd(*np.diff(edges.edges_us).tolist(), DAY_US)
    base = int(edges.edges_us[0]) - -(-(int(edges.edges_us[0]) - base) // length) * length
    begins = base + np.arange((last_us - base) // length + 1) * length
    period = np.searchsorted(edges.edges_us, begins, side="right") - 1
    return Slices(period.astype(np.int32), base, length)


def _next(word: str, day: date) -> date:
    if word == "month":
        return (day + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=7 if word == "week" else 1)


def _local_day(instant_us: int, zone: ZoneInfo) -> date:
    return (_EPOCH + timedelta(microseconds=instant_us)).astimezone(zone).date()


def _instant_us(day: date, zone: ZoneInfo) -> int:
    """Return the first instant of a local day."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return (midnight - _EPOCH) // _MICROSECOND
