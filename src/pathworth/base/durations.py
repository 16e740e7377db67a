"""Durations as people write them (``"30m"``, ``"7d"``) and as kernels read them (whole microseconds)."""

from __future__ import annotations

import re
from datetime import timedelta

from pathworth.base.errors import WrongUsage

MS_US = 1_000
SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US

_UNITS_US = {
    "ms": MS_US,
    "s": SECOND_US,
    "m": MINUTE_US,
    "h": HOUR_US,
    "d": DAY_US,
    "w": 7 * DAY_US,
}
_PATTERN = re.compile(r"\s*(\d{1,15}(?:\.\d{1,15})?)\s*(ms|s|m|h|d|w)\s*")

_WORDS = {"ms": "millisecond", "s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week"}

Duration = timedelta | str


def spoken(duration: str) -> str:
    """Return a duration as people say it: ``"2d"`` is two days; what is no duration stays as it is."""
    found = _PATTERN.fullmatch(duration)
    if found is None:
        return duration
    number, unit = found.groups()
    return f"{number} {_WORDS[unit]}{'' if number == '1' else 's'}"


def to_us(duration: Duration) -> int:
    """Turn a duration into whole microseconds.

    Parameters
    ----------
    duration
        A ``timedelta`` or text such as ``"30m"``, ``"7d"``, ``"2w"``; bare numbers are refused because
        they hide their unit.

    Raises
    ------
    WrongUsage
        ``BAD_DURATION`` when the text is not a positive number with a unit.
    """
    if isinstance(duration, timedelta):
        return duration // timedelta(microseconds=1)
    found = _PATTERN.fullmatch(duration)
    if found is None:
        raise WrongUsage(
            "BAD_DURATION",
            f"{duration!r} is not a duration.",
            "Write a number and a unit: 30m, 6h, 7d, 2w.",
        )
    return round(float(found[1]) * _UNITS_US[found[2]])


def as_text(duration: Duration) -> str:
    """Return a duration as text that ``to_us`` reads; less than nothing is nothing."""
    if isinstance(duration, str):
        return duration
    us = max(to_us(duration), 0)
    return f"{us // MS_US}.{us % MS_US:03d}ms"
