"""Ways to write a time, and columns read by them: ISO, epochs, days since a date, ``strptime`` patterns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.base.durations import DAY_US, MS_US, SECOND_US
from pathworth.base.errors import BadInput
from pathworth.collect.numbers import Numbers, is_text, read_decimals, read_whole
from pathworth.collect.times.iso import NO_ZONE, byte_table, civil_days, read_iso
from pathworth.collect.times.zones import to_utc

Kind = Literal["auto", "iso", "s", "ms", "us", "ns", "days", "pattern"]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST_US = -(70 * 365 + 17) * DAY_US
LATEST_US = (130 * 365 + 32) * DAY_US
"""Times lie from 1900-01-01 up to 2100-01-01; others are a column read by the wrong format."""

_PER_UNIT = {"s": SECOND_US, "ms": MS_US, "us": 1}
_FIELDS = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2}
_FAR = float(2**61)


@dataclass(frozen=True)
class TimeFormat:
    """How a column writes times: ``text`` is the pattern, or the date from which days are counted."""

    kind: Kind
    text: str = ""

    def __str__(self) -> str:
        """Return the format as it is written in a mapping or a command."""
        if self.kind == "days":
            return f"days:{self.text}"
        return self.text if self.kind == "pattern" else self.kind


@dataclass(frozen=True)
class Times:
    """A column of instants: ``time_us`` int64[n] since 1970 UTC, meaningful where ``ok``."""

    time_us: NDArray[np.int64]
    ok: NDArray[np.bool_]


def parse_format(text: str) -> TimeFormat:
    """Read the name of a time format.

    Raises
    ------
    BadInput
        ``UNKNOWN_TIME_FORMAT`` when it is none of those that exist.
    """
    known: dict[str, Kind] = {k: k for k in ("auto", "iso", "s", "ms", "us", "ns")}
    if text in known:
        return TimeFormat(known[text])
    if text.startswith("days:"):
        try:
            return TimeFormat("days", date.fromisoformat(text[5:]).isoformat())
        except ValueError as error:
            raise _unknown(text) from error
    if "%" in text and _understood(text):
        return TimeFormat("pattern", text)
    raise _unknown(text)


def _understood(pattern: str) -> bool:
    try:
        shown = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC).strftime(pattern)
        return datetime.strptime(shown, pattern).year == 2001  # noqa: DTZ007
    except ValueError:
        return False


def _unknown(text: str) -> BadInput:
    return BadInput(
        "UNKNOWN_TIME_FORMAT",
        f"{text!r} is not a time format.",
        "Use auto, iso, s, ms, us, ns, days:2013-10-01 (days since that day) or a pattern with a date, "
        "such as %d/%m/%Y %H:%M.",
    )


def read_times(column: pa.Array, form: TimeFormat, *, zone: str) -> Times:
    """Read a column of times; what is not a time from 1900 to 2100 is not ``ok``.

    Parameters
    ----------
    column
        Times, dates, numbers or texts as the file holds them.
    form
        The format; typed times and dates need none.
    zone
        IANA name of the zone in which times without a zone are read.
    """
    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        times = _typed(column, zone)
    elif form.kind == "days":
        times = _days(column, date.fromisoformat(form.text), zone)
    elif form.kind in {"s", "ms", "us", "ns"}:
        times = _epoch(column, form.kind)
    else:
        texts = column if is_text(column) else column.cast(pa.string())
        times = _pattern(texts, form.text, zone) if form.kind == "pattern" else _iso(texts, zone)
    sane = (times.time_us >= EARLIEST_US) & (times.time_us < LATEST_US)
    return Times(times.time_us, times.ok & sane)


def _typed(column: pa.Array, zone: str) -> Times:
    zoned = pa.types.is_timestamp(column.type) and column.type.tz is not None
    ok = ~column.is_null().to_numpy(zero_copy_only=False)
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    else:
        column = column.cast(pa.timestamp("us"))
    us = column.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    return Times(us if zoned else to_utc(us, zone), ok)


def _iso(texts: pa.Array, zone: str) -> Times:
    read = read_iso(texts)
    named = read.offset_us != NO_ZONE
    us = np.where(named, read.wall_us - np.where(named, read.offset_us, 0), 0)
    if not named.all():
        us = np.where(named, us, to_utc(read.wall_us, zone))
    return Times(us, read.ok)


def _epoch(column: pa.Array, unit: str) -> Times:
    if not pa.types.is_floating(column.type):
        whole = read_whole(column)
        if not whole.bad.any():
            return _scaled(whole, unit)
    return _scaled(read_decimals(column), unit)


def _scaled(numbers: Numbers, unit: str) -> Times:
    value = numbers.value
    if value.dtype == np.int64:
        limit = 2**62 // _PER_UNIT.get(unit, 1)
        ok = numbers.known & (np.abs(value) < limit)
        value = np.where(ok, value, 0)
        return Times(value // 1000 if unit == "ns" else value * _PER_UNIT[unit], ok)
    scale = 1e-3 if unit == "ns" else float(_PER_UNIT[unit])
    with np.errstate(invalid="ignore", over="ignore"):
        us = value * scale
        ok = numbers.known & (np.abs(us) < _FAR)
    return Times(np.rint(np.where(ok, us, 0)).astype(np.int64), ok)


def _days(column: pa.Array, start: date, zone: str) -> Times:
    numbers = read_decimals(column)
    with np.errstate(invalid="ignore"):
        ok = numbers.known & (np.abs(numbers.value) < 200_000)
    days = np.where(ok, numbers.value, 0.0)
    first = (start - EPOCH.date()).days
    wall = np.rint((first + days) * DAY_US).astype(np.int64)
    return Times(to_utc(wall, zone), ok)


def _pattern(texts: pa.Array, pattern: str, zone: str) -> Times:
    """Read rows that fill the pattern's places as bytes, and others one distinct text at a time."""
    wall, ok = _fixed(texts, pattern)
    us = to_utc(wall, zone)
    rest = np.flatnonzero(~ok)
    if len(rest):
        coded = texts.take(pa.array(rest)).dictionary_encode()
        read = [_one(text, pattern, zone) for text in coded.dictionary.to_pylist()]
        known = np.array([time is not None for time in [*read, None]], dtype=np.bool_)
        found = np.array([time or 0 for time in [*read, None]], dtype=np.int64)
        codes = coded.indices.fill_null(len(read)).to_numpy(zero_copy_only=False)
        us[rest], ok[rest] = found[codes], known[codes]
    return Times(us, ok)


def _one(text: str, pattern: str, zone: str) -> int | None:
    try:
        time = datetime.strptime(text.strip(), pattern)  # noqa: DTZ007
    except ValueError:
        return None
    if time.tzinfo is not None:
        return (time - EPOCH) // timedelta(microseconds=1)
    wall = (time.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
    return int(to_utc(np.array([wall], dtype=np.int64), zone)[0])


def _fixed(texts: pa.Array, pattern: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Read texts whose every field has its full width; others are not ok."""
    count = len(texts)
    places = _places(pattern)
    if places is None:
        return np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.bool_)
    fields, marks, width = places
    chars, size = byte_table(texts)
    ok = size == width
    for place, char in marks:
        ok &= chars[place] == ord(char)
    value = {
        "Y": np.full(count, 1900, dtype=np.int64),
        "m": np.ones(count, dtype=np.int64),
        "d": np.ones(count, dtype=np.int64),
    }
    for name, place in fields:
        total = np.zeros(count, dtype=np.int64)
        for k in range(_FIELDS[name]):
            digit = chars[place + k] - np.uint8(48)
            ok &= digit < 10
            total = total * 10 + digit
        value[name] = total
    none = np.zeros(count, dtype=np.int64)
    hour, minute, second = (value.get(k, none) for k in "HMS")
    days, real = civil_days(value["Y"], month=value["m"], day=value["d"])
    ok &= real & (hour < 24) & (minute < 60) & (second < 60)
    clock = (hour * 3600 + minute * 60 + second) * SECOND_US
    return np.where(ok, days * DAY_US + clock, 0), ok


def _places(
    pattern: str,
) -> tuple[list[tuple[str, int]], list[tuple[int, str]], int] | None:
    """Return where fields and characters of a pattern stand, and its width; null for a freer one."""
    fields: list[tuple[str, int]] = []
    marks: list[tuple[int, str]] = []
    at, k = 0, 0
    while k < len(pattern):
        if pattern[k] != "%":
            if ord(pattern[k]) > 127:
                return None
            marks.append((at, pattern[k]))
            at, k = at + 1, k + 1
            continue
        name = pattern[k + 1 : k + 2]
        if name not in _FIELDS or name in dict(fields):
            return None
        fields.append((name, at))
        at, k = at + _FIELDS[name], k + 2
    return (fields, marks, at) if at <= 40 else None
