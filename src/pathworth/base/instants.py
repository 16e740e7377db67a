"""Instants as people write them (ISO 8601) and as columns hold them (microseconds since 1970 UTC)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pathworth.base.errors import WrongUsage

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_instant_us(text: str, timezone: str) -> int:
    """Turn an ISO date or instant into microseconds since 1970 UTC.

    Parameters
    ----------
    text
        ``2026-03-01`` (midnight) or ``2026-03-01T14:00:00Z``.
    timezone
        IANA name; what carries no zone is read in it.

    Raises
    ------
    WrongUsage
        ``BAD_INSTANT`` when the text is neither.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise WrongUsage(
            "BAD_INSTANT", f"{text!r} is not a date.", "Write 2026-03-01 or 2026-03-01T14:00:00Z."
        ) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(timezone))
    return (moment - _EPOCH) // _MICROSECOND


def to_iso(instant_us: int) -> str:
    """Turn microseconds since 1970 UTC into ISO 8601 in UTC with Z, without empty decimals."""
    moment = _EPOCH + timedelta(microseconds=int(instant_us))
    return moment.isoformat().replace("+00:00", "Z")
