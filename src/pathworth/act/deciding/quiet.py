"""Quiet hours: when they end, in the person's own time zone, over changes of the clock too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pathworth.act.contracts import QuietHours

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def time_of_day(text: str) -> time | None:
    """Return a time of day written as ``08:00``, null when it is none."""
    try:
        return time.fromisoformat(text) if len(text) == 5 else None
    except ValueError:
        return None


def zone_of(quiet: QuietHours, values: Mapping[str, str], *, workspace_zone: str) -> ZoneInfo:
    """Return a person's time zone: their own where it is known and exists, else the workspace's."""
    name = values.get(quiet.zone or "", "")
    try:
        return ZoneInfo(name or workspace_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(workspace_zone)


def quiet_until(quiet: QuietHours, at_us: int, *, zone: ZoneInfo) -> int | None:
    """Return when the quiet hours end that an instant lies in, null when it lies in none.

    Parameters
    ----------
    quiet
        From ``begin`` to without ``end`` on the clock of the wall; over midnight when ``end`` is the earlier.
    at_us
        The instant.
    zone
        Whose wall clock.
    """
    begin, end = time_of_day(quiet.begin), time_of_day(quiet.end)
    if begin is None or end is None or begin == end:
        return None
    now = (_EPOCH + timedelta(microseconds=at_us)).astimezone(zone)
    clock = now.time().replace(tzinfo=None, fold=0)
    over_midnight = end < begin
    inside = (clock >= begin or clock < end) if over_midnight else begin <= clock < end
    if not inside:
        return None
    day = now.date() + timedelta(days=1 if over_midnight and clock >= begin else 0)
    return _first_instant(datetime.combine(day, end), zone, at_us)


def _first_instant(wall: datetime, zone: ZoneInfo, after_us: int) -> int:
    """Return the first instant after another at which the wall shows a time, or has passed it."""
    both = []
    for fold in (0, 1):
        moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        shown = moment.astimezone(zone).replace(tzinfo=None)
        if shown < wall:
            # The clock jumps over this time; the jump itself is the first moment past it.
            continue
        both.append((moment - _EPOCH) // _MICROSECOND)
    later = [one for one in both if one > after_us]
    return min(later) if later else after_us + 1
