"""What the values of a column look like in a sample: times, numbers, codes, how often they repeat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pathworth.collect.numbers import absent, is_text, read_decimals
from pathworth.collect.texts.canonical import encoded
from pathworth.collect.times import TimeFormat, read_times

PATTERNS = (
    "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d/%m/%Y", "%m/%d/%Y",
    "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y",
    "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y%m%d", "%Y%m%d%H%M%S",
    "%d %b %Y %H:%M:%S", "%d %b %Y",
    "%b %d, %Y", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%Y-%m-%d %I:%M:%S %p",
)  # fmt: skip
EPOCHS: tuple[tuple[Literal["s", "ms", "us", "ns"], float, float], ...] = (
    ("s", 5e8, 5e9),
    ("ms", 5e11, 5e12),
    ("us", 5e14, 5e15),
    ("ns", 5e17, 5e18),
)
"""Numbers in these ranges are times from 1985 to 2128 in that unit."""

MOSTLY = 0.5
"""Share of values that must fit; a file with many bad rows is still what it is."""

DAYS = 4000.0
TRIED = 1000


@dataclass(frozen=True)
class Profile:
    """A column of a sample.

    Parameters
    ----------
    filled
        Share of rows that hold something.
    distinct
        Different values among those rows.
    numbers, fractions
        Shares of filled rows that are numbers, and numbers with a fraction.
    low, high
        Least and greatest number; both 0 without numbers.
    formats
        Time formats in which nearly every filled value can be read, the likeliest first.
    letters
        Share of filled rows whose text begins with a letter.
    codes
        Share of filled rows that are three capitals.
    """

    rows: int
    filled: float
    distinct: int
    numbers: float
    fractions: float
    low: float
    high: float
    formats: tuple[TimeFormat, ...]
    letters: float
    codes: float

    @property
    def unique(self) -> float:
        """Different values per filled row."""
        return self.distinct / max(self.rows * self.filled, 1)


def profile(column: pa.Array) -> Profile:
    """Look at a column of a sample."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    nothing = absent(column)
    held = column.filter(pa.array(~nothing))
    rows, count = len(column), len(held)
    if count == 0 or pa.types.is_nested(column.type):
        return Profile(rows, count / max(rows, 1), 0, 0.0, 0.0, 0.0, 0.0, (), 0.0, 0.0)
    distinct = len(encoded(held).dictionary)
    typed_time = pa.types.is_temporal(held.type)
    texts = held if is_text(held) else held.cast(pa.string())
    low = high = numbers = fractions = 0.0
    if not typed_time and not pa.types.is_boolean(held.type):
        read = read_decimals(texts)
        numbers = float(read.known.mean())
        if numbers:
            value = read.value[read.known]
            low, high = float(value.min()), float(value.max())
            fractions = float((value != np.floor(value)).mean()) * numbers
    letters = _share(texts, r"^\pL")
    return Profile(
        rows,
        count / rows,
        distinct,
        numbers,
        fractions,
        low,
        high,
        time_formats(held, numbers=numbers, low=low, high=high),
        letters,
        _share(texts, "^[A-Z]{3}$"),
    )


def _share(texts: pa.Array, shape: str) -> float:
    found = pc.sum(pc.match_substring_regex(texts, shape)).as_py()
    return (found or 0) / max(len(texts), 1)


def time_formats(
    held: pa.Array, *, numbers: float, low: float, high: float
) -> tuple[TimeFormat, ...]:
    """Return the formats that read most of the values, none of which reads clearly more than another."""
    if pa.types.is_timestamp(held.type) or pa.types.is_date(held.type):
        return (TimeFormat("iso"),)
    if numbers > MOSTLY:
        found = [TimeFormat(unit) for unit, least, most in EPOCHS if low >= least and high < most]
        if found:
            return tuple(found)
    if not is_text(held):
        held = held.cast(pa.string())
    if _reads(held, TimeFormat("iso")) > MOSTLY:
        return (TimeFormat("iso"),)
    fits = [TimeFormat("pattern", text) for text in PATTERNS]
    for tried in (held.slice(0, 50), held.slice(0, TRIED), held):
        # Most columns are no times: a few values say so, before thousands are read one by one.
        shares = {form: _reads(tried, form) for form in fits}
        best = max(shares.values(), default=0.0)
        fits = [form for form, share in shares.items() if share > MOSTLY and share > best - 0.02]
    if not fits and numbers > MOSTLY and -DAYS < low <= high < DAYS:
        return (TimeFormat("days", "2000-01-01"),)
    return tuple(fits)


def _reads(held: pa.Array, form: TimeFormat) -> float:
    return float(read_times(held, form, zone="UTC").ok.mean())


def say_formats(formats: tuple[TimeFormat, ...]) -> str:
    """Return formats as words, an example behind each."""
    shown = datetime(2024, 2, 13, 14, 5, 6)  # noqa: DTZ001
    return " or ".join(f"{form} ({shown.strftime(form.text)})" for form in formats)
