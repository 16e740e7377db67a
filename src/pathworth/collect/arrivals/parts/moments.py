"""When an event happened, out of the several times that its client says; every time is text or whole milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from pathworth.base.durations import MINUTE_US

MOST_SKEW_US = 5 * MINUTE_US
"""A device's clock that is further off than this is set right."""
_MS = 1_000
_SECONDS = 1e11
"""Smaller numbers are seconds: as milliseconds they would lie before March 1973."""

Said = str | int | float | None
"""A time as a client writes it."""


def first_time(*said: Said) -> str | int | None:
    """Return the first time that is said at all, as the plain form has it; null when none is.

    Parameters
    ----------
    said
        ISO 8601 texts (in UTC where they name no zone), seconds or milliseconds since 1970.
    """
    for one in said:
        if isinstance(one, str):
            text = one.strip()
            if text:
                return _from_text(text)
        elif one is not None:
            return _milliseconds(one)
    return None


def instant_us(said: Said) -> int | None:
    """Return a time as microseconds since 1970 UTC; null when it is none."""
    found = first_time(said)
    if found is None:
        return None
    if isinstance(found, int):
        return found * _MS
    try:
        moment = datetime.fromisoformat(found)
    except ValueError:
        return None
    whole = moment.replace(tzinfo=moment.tzinfo or UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (whole.days * 86_400 + whole.seconds) * 1_000_000 + whole.microseconds


@dataclass(frozen=True)
class Clock:
    """How far a device's clock is behind ours.

    Parameters
    ----------
    behind_us
        Microseconds to add to its times; 0 where it is right, or where nobody can say.
    """

    behind_us: int = 0

    @classmethod
    def of(cls, sent: Said, *, received_us: int) -> Clock:
        """Compare when a device says that it sent a request with when that came.

        A server's library is never set right: some of them keep the moment of the first try in every retry, so that
        an hour in their queue would look like a clock that is an hour slow.
        """
        sent_us = instant_us(sent)
        behind = 0 if sent_us is None else received_us - sent_us
        return cls(behind if abs(behind) > MOST_SKEW_US else 0)

    def right(self, time: str | int) -> tuple[str | int, str | int | None]:
        """Return a time set right, and the device's own where that is another."""
        at_us = instant_us(time) if self.behind_us else None
        if at_us is None:
            return time, None
        return (at_us + self.behind_us) // _MS, time


def _from_text(text: str) -> str | int:
    last = text[-1]
    if last == "Z" or len(text) <= 10 or text[4] != "-":
        return _milliseconds(float(text)) if _is_number(text) else text
    zone = text[10:]
    if "+" in zone or "-" in zone or last.isalpha():
        return text
    # What a client writes without a zone is UTC; without this it would be the workspace's.
    return f"{text}Z"


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal() and text.isascii()


def _milliseconds(number: float) -> int:
    return round(number * _MS) if abs(number) < _SECONDS else round(number)
