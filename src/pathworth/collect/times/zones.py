"""Wall-clock times of a zone turned into UTC, whole columns at once.

An hour that the clock shows twice is read as the first of the two; an hour that it skips is read with
the offset from before the skip (PEP 495, ``fold=0``).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from pathworth.base.durations import SECOND_US
from pathworth.base.errors import BadInput

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_YEAR, LAST_YEAR = 1900, 2100


def check_zone(name: str) -> str:
    """Return the name of a time zone, or refuse it with the remedy."""
    _zone(name)
    return name


def to_utc(wall_us: NDArray[np.int64], zone: str) -> NDArray[np.int64]:
    """Turn wall-clock microseconds of a zone into microseconds since 1970 UTC.

    Parameters
    ----------
    wall_us
        int64[n]; times outside the years 1900 to 2100 get the nearest known offset.
    zone
        IANA name, for example ``Europe/Amsterdam``.
    """
    if zone == "UTC" or len(wall_us) == 0:
        return wall_us
    from_us, offset_us = _offsets(zone)
    return wall_us - offset_us[np.searchsorted(from_us, wall_us, side="right")]


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadInput(
            "UNKNOWN_TIMEZONE",
            f"There is no time zone named {name!r}.",
            "Give an IANA name such as UTC, Europe/Amsterdam or America/New_York.",
        ) from error


@lru_cache(maxsize=16)
def _offsets(name: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where offsets change on the clock, int64[k], and the offsets around it, int64[k + 1]."""
    zone = _zone(name)
    changes = [
        change
        for month in range((LAST_YEAR - FIRST_YEAR) * 12)
        for change in _changes(zone, _month(month), _month(month + 1))
    ]
    first = _offset(zone, _month(0))
    walls = [_us(at - EPOCH + max(before, after)) for at, before, after in changes]
    return (
        np.array(walls, dtype=np.int64),
        np.array([_us(first), *(_us(after) for _, _, after in changes)], dtype=np.int64),
    )


def _changes(
    zone: ZoneInfo, start: datetime, end: datetime
) -> list[tuple[datetime, timedelta, timedelta]]:
    """Return the changes of offset in a span, found by halving down to a second.

    Spans over a day are cut in parts of ten days first, so that two changes close together are both seen.
    """
    if end - start > timedelta(days=10):
        middle = start + timedelta(days=10)
        return _changes(zone, start, middle) + _changes(zone, middle, end)
    before, after = _offset(zone, start), _offset(zone, end)
    if before == after:
        return []
    low, high = start, end
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return [(high, before, after)]


def _month(count: int) -> datetime:
    return datetime(FIRST_YEAR + count // 12, count % 12 + 1, 1, tzinfo=UTC)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def _us(span: timedelta) -> int:
    return (span.days * 86_400 + span.seconds) * SECOND_US
