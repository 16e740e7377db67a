"""Which span of time is priced: whole weeks, ending where no declared window bends the last moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pathworth.base.instants import to_instant_us
from pathworth.base.period import Period
from pathworth.store import Snapshot

DAY_US = 86_400_000_000
MONTH_DAYS = 30.4375


@dataclass(frozen=True)
class Span:
    """The priced period ``[from_us, to_us)`` in microseconds since 1970 UTC, and what was decided."""

    from_us: int
    to_us: int
    notes: tuple[str, ...] = ()

    @property
    def months(self) -> float:
        """Return the length in months of 30.4375 days."""
        return (self.to_us - self.from_us) / DAY_US / MONTH_DAYS

    @property
    def length_ms(self) -> int:
        """Return the length in whole milliseconds."""
        return (self.to_us - self.from_us) // 1000


def priced_period(
    snapshot: Snapshot, period: Period, *, calendar: tuple[tuple[str, str, str], ...] = ()
) -> Span:
    """Return the span from the first day to the end of the last whole week that no declared window overlaps.

    Parameters
    ----------
    snapshot
        Whose events bound the span; its time zone decides where days and ISO weeks begin.
    period
        Of the selection; cuts the span on both sides.
    calendar
        Declared windows ``(name, from, to)`` in ISO dates, the last day included.
    """
    zone = ZoneInfo(snapshot.timezone)
    first = max(period.from_us, _midnight(snapshot.first_us, zone, 0))
    end = min(period.to_us, _midnight(snapshot.last_us, zone, 1))
    windows = [
        (name, to_instant_us(begin, snapshot.timezone), _after(last, snapshot.timezone))
        for name, begin, last in calendar
    ]
    monday = _moment(end, zone).date()
    monday -= timedelta(days=monday.weekday())
    met: list[str] = []
    while True:
        week_end = _at(monday, zone)
        week_from = _at(monday - timedelta(days=7), zone)
        if week_from < first:
            why = "The data hold no whole week free of declared windows: priced to their end."
            return Span(first, max(end, first + 1), (why,))
        over = [name for name, begin, last in windows if begin < week_end and last > week_from]
        if not over:
            return Span(first, week_end, _ended_before(met))
        met.extend(name for name in over if name not in met)
        monday -= timedelta(days=7)


def _ended_before(windows: list[str]) -> tuple[str, ...]:
    if not windows:
        return ()
    return (f"The priced period ends before {', '.join(windows)}, which bends the last moves.",)


def _moment(instant_us: int, zone: ZoneInfo) -> datetime:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant_us)).astimezone(zone)


def _at(day: object, zone: ZoneInfo) -> int:
    return to_instant_us(f"{day}T00:00:00", str(zone))


def _midnight(instant_us: int, zone: ZoneInfo, days: int) -> int:
    day = datetime.combine(_moment(instant_us, zone).date(), time()) + timedelta(days=days)
    return to_instant_us(day.isoformat(), str(zone))


def _after(text: str, timezone: str) -> int:
    """Return the end of a window: a bare date means the end of that day."""
    instant = to_instant_us(text, timezone)
    return instant + DAY_US if len(text) == len("2026-01-01") else instant
