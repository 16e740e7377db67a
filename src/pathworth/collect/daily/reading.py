"""Flat rows as the numbers that they say: one for each measure of a day and of what it is broken down by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.collect.contracts import FileGuess, is_code
from pathworth.collect.daily.aside import Aside, key_of
from pathworth.collect.daily.days import Days, days_of
from pathworth.collect.importers.catalogue import format_of
from pathworth.collect.importers.columns import Columns, caught, first_text, named
from pathworth.collect.importers.contracts import Daily, Format, Measure
from pathworth.collect.importers.reading import flat_rows
from pathworth.collect.importers.telling import names_of, rows_of_list
from pathworth.collect.map_rows import rawas_received
from pathworth.collect.numbers import flags, read_money
from pathworth.collect.readers import RawRows, Torn
from pathworth.store import DailyValue

_NOTHING = ("--", "-", "—")
PART = 20_000
"""So many rows are numbers of our own at once; a block of a file holds many more."""
Trouble = tuple[str, str]


@dataclass(frozen=True)
class Batch:
    """What some rows say, how many they are, the refused ones among them, and how many bytes were read."""

    values: list[DailyValue]
    rows: int
    torn: list[Torn]
    position: int


@dataclass(frozen=True)
class Column:
    """The numbers of one measure [n]: in millionths where ``known``; ``bad`` where what stands there is none."""

    measure: Measure
    name: pa.Array
    micro: NDArray[np.int64]
    known: NDArray[np.bool_]
    bad: NDArray[np.bool_]
    text: pa.Array
    currency: list[str | None]


@dataclass
class DailyReader:
    """Reads files, in none of which two rows say different numbers of the same thing; a later file may.

    Parameters
    ----------
    currency
        Of money without one.
    aside
        Remembers what a file said.
    """

    currency: str
    aside: Aside

    def read(self, file: FileGuess) -> Iterator[Batch]:
        """Read a file batch by batch."""
        form = format_of(file.mapping)
        if form is None or form.daily is None:
            return
        self.aside.turn()
        period = _period(file, form) if form.daily.period else None
        for rows in flat_rows(file.path, file.shape, form=form):
            for part in _parts(rows):
                yield self._batch(part, file, form=form, period=period)

    def _batch(
        self, rows: RawRows, file: FileGuess, *, form: Format, period: tuple[int, int] | None
    ) -> Batch:
        daily, count, columns = form.daily, len(rows.row), rows.columns
        assert daily is not None  # noqa: S101 - read() asked
        mine = rows_of_list(daily.of, columns, count=count) if count else np.zeros(0, np.bool_)
        own = rows_of_list(None, columns, count=count) if count else mine
        days = days_of(
            daily,
            columns,
            spec=file.mapping.time or "",
            form=file.mapping.time_format or "iso",
            count=count,
            period=period,
        )
        measures = [
            one
            for measure in daily.measures
            for one in self._columns(measure, columns, said=file.mapping.currency, count=count)
        ]
        dimensions = _dimensions(daily, columns, count=count)
        said = {
            row: _said(row, days, measures=measures, dimensions=dimensions[row])
            for row in np.flatnonzero(mine).tolist()
        }
        values, refused = self._sorted(said)
        torn = sorted([*rows.torn, *_torn(rows, refused)], key=lambda one: one.row)
        return Batch(values, int(own.sum()) - len(refused), torn, rows.position)

    def _sorted(
        self, said: dict[int, tuple[list[DailyValue], Trouble | None]]
    ) -> tuple[list[DailyValue], dict[int, Trouble]]:
        """Return the numbers of rows, and why some rows are refused."""
        keys = list({key_of(one) for found, _ in said.values() for one in found})
        seen = self.aside.seen(keys)
        values: list[DailyValue] = []
        refused: dict[int, Trouble] = {}
        for row, (found, trouble) in said.items():
            kept, twice = _once(found, seen)
            values += kept
            if trouble or twice:
                refused[row] = trouble or twice or ("", "")
        self.aside.note(seen)
        return values, refused

    def _columns(
        self, measure: Measure, columns: Columns, *, said: str | None, count: int
    ) -> Iterator[Column]:
        """Yield the numbers of a measure; those of each column that it means where its currency is in their names."""
        found = named(measure.column, columns)
        for spec in found if measure.currency == "*" else ["|".join(found)] if found else []:
            text = first_text(spec, columns, count=count)
            text = pc.if_else(
                pc.is_in(pc.utf8_trim_whitespace(text), pa.array(_NOTHING)), None, text
            )
            shares = flags(pc.ends_with(pc.utf8_trim_whitespace(text), "%"))
            read = read_money(pc.replace_substring(text, "%", ""))
            micro = np.where(shares, np.round(read.value / 100), read.value).astype(np.int64)
            codes: list[str | None] = [None] * count
            if measure.currency is not None:
                codes = self._codes(measure, columns, spec=spec, said=said, count=count)
            name = names_of(measure.name, columns, count=count)
            yield Column(measure, name, micro, read.known, read.bad, text, codes)

    def _codes(
        self, measure: Measure, columns: Columns, *, spec: str, said: str | None, count: int
    ) -> list[str | None]:
        """Return the currency of each row's money."""
        own = said or measure.currency or ""
        if own == "*":
            own = caught(measure.column, spec)
            own = own if is_code(own) else self.currency
        if is_code(own) and not named(own, columns):
            return [own] * count
        texts = first_text(own, columns, count=count).to_pylist()
        return [(text or self.currency).strip().upper() for text in texts]


def _parts(rows: RawRows) -> Iterator[RawRows]:
    """Yield the rows of a block, some at a time."""
    yield replace(
        rows, row=rows.row[:PART], columns={n: c.slice(0, PART) for n, c in rows.columns.items()}
    )
    for first in range(PART, len(rows.row), PART):
        columns = {name: column.slice(first, PART) for name, column in rows.columns.items()}
        yield replace(rows, row=rows.row[first : first + PART], columns=columns, torn=())


def _once(
    found: list[DailyValue], seen: dict[bytes, int]
) -> tuple[list[DailyValue], Trouble | None]:
    """Return what a row says, or why it is refused that says something else than an earlier one."""
    kept: list[DailyValue] = []
    for one in found:
        before = seen.setdefault(key_of(one), one.micro)
        if before != one.micro:
            why = (
                f"A row before it says {before / 1e6:g} and this one {one.micro / 1e6:g} for {one.measure} of "
                f"{one.day}: it is broken down by something that the format does not know."
            )
            return [], ("SAID_TWICE", why)
        kept.append(one)
    return kept, None


def _period(file: FileGuess, form: Format) -> tuple[int, int] | None:
    """Return the first and the last day that the files of an archive name."""
    spec, written = file.mapping.time or "", file.mapping.time_format or "iso"
    found: tuple[int, int] | None = None
    for rows in flat_rows(file.path, file.shape, form=form):
        if form.daily is not None and named(spec, rows.columns):
            days = days_of(form.daily, rows.columns, spec=spec, form=written, count=len(rows.row))
            first = days.first[days.ok].tolist()
            if first:
                least, most = found or (first[0], first[0])
                found = min(least, *first), max(most, *first)
    return found


def _dimensions(daily: Daily, columns: Columns, *, count: int) -> list[str]:
    """Return by what each row is broken down, as JSON; what is empty is left out."""
    text = partial(first_text, columns=columns, count=count)
    found = {name: text(spec).to_pylist() for name, spec in sorted(daily.dimensions.items())}
    rows = (
        {name: texts[k].strip() for name, texts in found.items() if texts[k] and texts[k].strip()}
        for k in range(count)
    )
    return [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]


def _said(
    row: int, days: Days, *, measures: list[Column], dimensions: str
) -> tuple[list[DailyValue], tuple[str, str] | None]:
    """Return what a row says, or why it is refused."""
    shown = days.text[row].as_py()
    if shown is None:
        return [], ("NO_TIME", "The day is empty, so nobody knows of when its numbers are.")
    if not days.ok[row]:
        return [], ("BAD_TIME", f"{shown!r} is no day, or no first day of some, from 1900 to 2099.")
    values = []
    for one in measures:
        name, code = one.name[row].as_py(), one.currency[row]
        if one.bad[row]:
            text = str(one.text[row].as_py())[:60]
            return [], ("BAD_NUMBER", f"{text!r} as {name} is no number.")
        if not one.known[row] or name is None:
            continue
        if code is not None and not is_code(code):
            return [], ("BAD_MONEY", f"{code[:20]!r} is no currency.")
        many, micro = int(days.many[row]), int(one.micro[row])
        values.append(
            DailyValue(days.day(row), many, name, dimensions, micro, code, one.measure.adds)
        )
    if not values:
        return [], ("NO_VALUE", "No number stands in the columns of its measures.")
    return values, None


def _torn(rows: RawRows, refused: dict[int, tuple[str, str]]) -> list[Torn]:
    if not refused:
        return []
    places = sorted(refused)
    at = pa.array(places, pa.int64())
    texts = rawas_received({n: c.take(at) for n, c in rows.columns.items()}, len(places))
    return [
        Torn(int(rows.row[place]), *refused[place], text)
        for place, text in zip(places, texts, strict=True)
    ]
