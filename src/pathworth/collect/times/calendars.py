"""Dates that people keep in a calendar file (iCalendar, RFC 5545): what each is, when it begins and when it ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pathworth.base.errors import BadInput

_LINE = re.compile(r'([A-Za-z0-9-]+)((?:;[^:;="]+=(?:"[^"]*"|[^";:]*))*):(.*)', re.DOTALL)
_ESCAPED = re.compile(r"\\([\\;,nN])")


@dataclass(frozen=True)
class Dated:
    """One date of a calendar.

    Parameters
    ----------
    name
        What happens.
    at
        ISO date, or an instant with or without an offset, when it begins.
    last
        ISO date of its last day; null where it is over on the day on which it begins.
    again
        Whether it comes again by a rule, of which only the first time is told.
    """

    name: str
    at: str
    last: str | None = None
    again: bool = False


def read_calendar(path: Path) -> tuple[Dated, ...]:
    """Return the dates of a calendar file, in its order.

    Raises
    ------
    BadInput
        ``NO_FILE``, and ``BAD_CALENDAR`` where it is no calendar or holds a date that nobody can read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("NO_FILE", f"{path} cannot be read as text.", "Name a .ics file.") from error
    return dates_of(text, name=path.name)


def dates_of(text: str, *, name: str) -> tuple[Dated, ...]:
    """Return the dates of a calendar, in its order.

    Parameters
    ----------
    text
        What the file holds.
    name
        Of the file; without its ending it names what the calendar has no words for.

    Raises
    ------
    BadInput
        ``BAD_CALENDAR``.
    """
    if not text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        raise _bad(name, "does not begin like a calendar")
    return tuple(_dated(fields, name) for fields in _events(text, name))


def _bad(file: str, why: str) -> BadInput:
    return BadInput(
        "BAD_CALENDAR",
        f"{file} {why}.",
        "Export it again as iCalendar (.ics) from your calendar.",
    )


def _events(text: str, file: str) -> Iterator[dict[str, tuple[str, str]]]:
    """Yield parameters and value of each property of every event, without those of what stands inside it."""
    # A line that begins with a blank goes on with the one before it.
    lines = re.sub(r"\r?\n[ \t]", "", text).splitlines()
    open_: list[str] = []
    fields: dict[str, tuple[str, str]] = {}
    for line in lines:
        found = _LINE.fullmatch(line)
        if found is None:
            if line.strip():
                raise _bad(file, f"has a line that is none: {line[:40]!r}")
            continue
        name, said, value = found[1].upper(), found[2], found[3]
        if name == "BEGIN":
            open_.append(value.upper())
            fields = {} if open_[-1] == "VEVENT" else fields
        elif name == "END" and open_:
            if open_.pop() == "VEVENT":
                yield fields
        elif open_ and open_[-1] == "VEVENT":
            fields.setdefault(name, (said, value))
    if open_:
        raise _bad(file, "ends in the middle")


def _dated(fields: dict[str, tuple[str, str]], file: str) -> Dated:
    name = _ESCAPED.sub(lambda m: " " if m[1] in "nN" else m[1], fields.get("SUMMARY", ("", ""))[1])
    if "DTSTART" not in fields:
        raise _bad(file, f"does not say when {name.strip() or 'something'!r} begins")
    begins, whole = _moment(fields["DTSTART"], file)
    last = None
    if "DTEND" in fields:
        ends, _ = _moment(fields["DTEND"], file)
        # An end is the first moment that is over; midnight belongs to the day before.
        day = (ends - timedelta(microseconds=1)).date()
        last = day.isoformat() if day > begins.date() else None
    at = begins.date().isoformat() if whole else begins.isoformat()
    return Dated(name.strip() or Path(file).stem, at, last, "RRULE" in fields or "RDATE" in fields)


def _moment(field: tuple[str, str], file: str) -> tuple[datetime, bool]:
    """Return a moment, and whether it is a whole day."""
    said, text = field
    zone = re.search(r'TZID="?([^";:]+)', said, re.IGNORECASE)
    try:
        if re.fullmatch(r"\d{8}", text):
            day = date(int(text[:4]), int(text[4:6]), int(text[6:]))
            return datetime(day.year, day.month, day.day), True  # noqa: DTZ001 - a day has no zone
        moment = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - below
        if text.endswith("Z"):
            return moment.replace(tzinfo=UTC), False
        return moment.replace(tzinfo=ZoneInfo(zone[1])) if zone else moment, False
    except (ValueError, KeyError, OSError) as error:
        raise _bad(file, f"holds a time that nobody can read: {said.lstrip(';')} {text}") from error
