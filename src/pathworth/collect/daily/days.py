"""Of which day the numbers of a row are: a column of days or weeks, the file's name, or what a person said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.base.durations import DAY_US
from pathworth.base.errors import BadInput
from pathworth.collect.importers.columns import first_text, named
from pathworth.collect.importers.contracts import Daily
from pathworth.collect.times import parse_format, read_times

_ISO_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})")
_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
_EPOCH = date(1970, 1, 1)
MOST_DAYS = 3_700
"""A number of more days than ten years have is a mistake."""


@dataclass(frozen=True)
class Days:
    """Of which days the rows of a batch are: ``first`` and ``many`` [n], where ``ok``; ``text`` as written."""

    first: NDArray[np.int64]
    many: NDArray[np.int64]
    ok: NDArray[np.bool_]
    text: pa.Array

    def day(self, row: int) -> str:
        """Return the ISO date of a row's first day."""
        return (_EPOCH + timedelta(days=int(self.first[row]))).isoformat()


def day_spec(daily: Daily, columns: Mapping[str, object], *, path: Path) -> str | None:
    """Return the columns with the day, or ``=DATE`` where the file's name says it; null where nothing does."""
    for spec in (daily.day, daily.week):
        if spec is not None and named(spec, columns):
            return spec
    found = _IN_NAME.findall(path.name)
    return f"={'-'.join(found[-1])}" if found else None


def check_day(spec: str) -> str:
    """Return ``=DATE`` as it is.

    Raises
    ------
    BadInput
        ``BAD_DAY``.
    """
    try:
        date.fromisoformat(spec.removeprefix("="))
    except ValueError as error:
        raise BadInput(
            "BAD_DAY", f"{spec.removeprefix('=')!r} is no day.", "Write it so: --time =2026-05-31."
        ) from error
    return spec


def days_of(
    daily: Daily,
    columns: Mapping[str, pa.Array],
    *,
    spec: str,
    form: str,
    count: int,
    period: tuple[int, int] | None = None,
) -> Days:
    """Return of which days rows are.

    Parameters
    ----------
    spec
        What says the day: columns, or ``=DATE``.
    form
        How the column writes it.
    period
        First and last day, since 1970, of rows that have no such column.
    """
    if period is not None and not named(spec, columns):
        begins, ends = period
        shown = pa.repeat(pa.scalar((_EPOCH + timedelta(days=begins)).isoformat()), count)
        whole = np.full(count, ends - begins + 1, dtype=np.int64)
        return Days(np.full(count, begins, dtype=np.int64), whole, whole <= MOST_DAYS, shown)
    if spec.startswith("="):
        text = pa.repeat(pa.scalar(spec.removeprefix("=")), count)
    else:
        text = first_text(spec, columns, count=count)
    first, ok = _read(text, "iso" if spec.startswith("=") else form)
    whole_week = daily.week is not None and spec == daily.week
    many = np.full(count, 7 if whole_week else 1, dtype=np.int64)
    if daily.last is not None and named(daily.last, columns):
        last, known = _read(first_text(daily.last, columns, count=count), form)
        many = np.where(known, last - first + 1, many)
    ok &= (many >= 1) & (many <= MOST_DAYS)
    return Days(first, many, ok, text)


def _read(text: pa.Array, form: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return days since 1970; ISO weeks begin on Monday."""
    weeks = [_monday(one) for one in text.to_pylist()]
    texts = pa.array([week or one for week, one in zip(weeks, text.to_pylist(), strict=True)])
    times = read_times(texts.cast(pa.string()), parse_format(form), zone="UTC")
    return times.time_us // DAY_US, times.ok.copy()


def _monday(text: str | None) -> str | None:
    found = _ISO_WEEK.fullmatch(text.strip()) if text else None
    if found is None:
        return None
    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1).isoformat()
    except ValueError:
        return None
