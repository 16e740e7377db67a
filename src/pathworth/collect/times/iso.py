"""ISO 8601 texts and their everyday cousins (``2019-10-01 00:00:00 UTC``), read as columns of bytes.

A text is ``YYYY-MM-DD``, then nothing or ``T``/space and ``HH:MM``, ``HH:MM:SS`` or ``HH:MM:SS.f`` (up
to nine digits, cut to whole microseconds), then nothing, ``Z``, ``UTC``, ``GMT`` or an offset (``+01``,
``+0100``, ``+01:00``). Every row stands for itself: one bad or differently zoned row changes no other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.base.durations import DAY_US, HOUR_US, MINUTE_US, SECOND_US

WIDTH = 40
"""Longer texts are not times."""

NO_ZONE = np.int64(2**62)
"""Stands in ``offset_us`` where a text names no zone."""

Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class IsoTimes:
    """Wall-clock times of a column.

    Parameters
    ----------
    wall_us
        int64[n]: microseconds since 1970 on the clock that the text shows.
    offset_us
        int64[n]: what that clock is ahead of UTC, ``NO_ZONE`` where the text does not say.
    ok
        bool[n]: whether the text is a time that exists.
    """

    wall_us: Whole
    offset_us: Whole
    ok: Flags


def read_iso(texts: pa.Array) -> IsoTimes:
    """Read a column of texts; null and anything else that is no time are not ``ok``.

    Parameters
    ----------
    texts
        Array of type ``string`` or ``large_string``.
    """
    chars, size = byte_table(texts)
    ok = (size >= 10) & (size <= WIDTH)
    days, ok_date = _date(chars)
    clock_us, end, ok_clock = _clock(chars, size)
    offset_us, ok_zone = _zone(chars, size, end)
    ok &= ok_date & ok_clock & ok_zone & ((end > 10) | (offset_us == NO_ZONE))
    return IsoTimes(days * DAY_US + clock_us, offset_us, ok)


def byte_table(texts: pa.Array) -> tuple[Bytes, Whole]:
    """Return uint8[WIDTH, n]: the first bytes of every text, zeros behind its end; and its size."""
    if not pa.types.is_large_string(texts.type):
        texts = texts.cast(pa.large_string())
    count = len(texts)
    _, offsets, data = texts.buffers()
    if count == 0 or data is None or data.size == 0:
        return np.zeros((WIDTH, count), dtype=np.uint8), np.zeros(count, dtype=np.int64)
    place = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + count + 1]
    held = np.frombuffer(data, dtype=np.uint8)
    size = place[1:] - place[:-1]
    if texts.null_count:
        size = np.where(texts.is_null().to_numpy(zero_copy_only=False), 0, size)
    width = min(WIDTH, int(size.max()))
    out = np.zeros((WIDTH, count), dtype=np.uint8)
    for k in range(width):
        at = np.minimum(place[:-1] + k, len(held) - 1)
        out[k] = np.where(k < size, held[at], 0)
    return out, size


def _number(chars: Bytes, *places: int) -> tuple[Whole, Flags]:
    """Return the number that the digits in these places make, and whether all are digits."""
    total = np.zeros(chars.shape[1], dtype=np.int64)
    ok = np.ones(chars.shape[1], dtype=np.bool_)
    for place in places:
        digit = chars[place] - np.uint8(48)
        ok &= digit < 10
        total = total * 10 + digit
    return total, ok


def civil_days(year: Whole, *, month: Whole, day: Whole) -> tuple[Whole, Flags]:
    """Return days since 1970 and whether that day is in the calendar."""
    ok = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1)
    months = np.where(ok, (year - 1970) * 12 + month - 1, 0)
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    after = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return first + day - 1, ok & (day <= after - first)


def _date(chars: Bytes) -> tuple[Whole, Flags]:
    year, ok_year = _number(chars, 0, 1, 2, 3)
    month, ok_month = _number(chars, 5, 6)
    day, ok_day = _number(chars, 8, 9)
    days, ok = civil_days(year, month=month, day=day)
    dashes = (chars[4] == ord("-")) & (chars[7] == ord("-"))
    return days, ok & ok_year & ok_month & ok_day & dashes


def _clock(chars: Bytes, size: Whole) -> tuple[Whole, Whole, Flags]:
    """Return microseconds of the day, where the clock ends, and whether it is a clock (none is midnight)."""
    has = (chars[10] == ord("T")) | (chars[10] == ord(" ")) | (chars[10] == ord("t"))
    hour, ok_hour = _number(chars, 11, 12)
    minute, ok_minute = _number(chars, 14, 15)
    second, ok_second = _number(chars, 17, 18)
    seconds = chars[16] == ord(":")
    fraction, length = _fraction(chars)
    dot = seconds & ((chars[19] == ord(".")) | (chars[19] == ord(",")))
    ok = ok_hour & ok_minute & (chars[13] == ord(":")) & (hour < 24) & (minute < 60)
    ok &= ~seconds | (ok_second & (second < 60))
    ok &= ~dot | (length > 0)
    end = np.where(seconds, np.where(dot, 20 + length, 19), 16)
    us = hour * HOUR_US + minute * MINUTE_US
    us += np.where(seconds, second * SECOND_US, 0) + np.where(dot, fraction, 0)
    plain = size == 10
    return np.where(has, us, 0), np.where(has, end, 10), (has & ok) | plain


def _fraction(chars: Bytes) -> tuple[Whole, Whole]:
    """Return the fraction of a second from place 20 on, in whole microseconds, and its number of digits."""
    running = np.ones(chars.shape[1], dtype=np.bool_)
    total = np.zeros(chars.shape[1], dtype=np.int64)
    length = np.zeros(chars.shape[1], dtype=np.int64)
    for k in range(9):
        digit = chars[20 + k] - np.uint8(48)
        running &= digit < 10
        length += running
        if k < 6:
            total = total * 10 + np.where(running, digit, 0)
    return total, length


def _zone(chars: Bytes, size: Whole, end: Whole) -> tuple[Whole, Flags]:
    """Return the offset behind the clock, ``NO_ZONE`` where there is none, and whether it can be read."""
    rows = np.arange(chars.shape[1])

    def at(k: int) -> Bytes:
        place = end + blank + k
        return np.where(place < size, chars[np.minimum(place, WIDTH - 1), rows], 0)

    blank: Whole = np.zeros(len(rows), dtype=np.int64)
    blank = (at(0) == ord(" ")).astype(np.int64)
    left = size - end - blank
    tail = [at(k) for k in range(6)]
    none = size == end
    utc = (left == 1) & ((tail[0] == ord("Z")) | (tail[0] == ord("z")))
    for word in (b"UTC", b"GMT"):
        utc |= (left == 3) & np.logical_and.reduce([tail[k] == word[k] for k in range(3)])
    sign = np.where(tail[0] == ord("+"), 1, np.where(tail[0] == ord("-"), -1, 0))
    colon = tail[3] == ord(":")
    table = np.stack(tail)
    hour, ok_hour = _number(table, 1, 2)
    minute_a, ok_a = _number(table, 3, 4)
    minute_b, ok_b = _number(table, 4, 5)
    minute = np.where(left == 3, 0, np.where(colon, minute_b, minute_a))
    shape = (left == 3) | ((left == 5) & ok_a) | ((left == 6) & colon & ok_b)
    signed = (sign != 0) & ok_hour & shape & (hour <= 18) & (minute < 60)
    offset = sign * (hour * HOUR_US + minute * MINUTE_US)
    offset = np.where(signed, offset, np.where(utc, 0, NO_ZONE))
    return offset, none | utc | signed
