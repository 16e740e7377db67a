"""Flat rows as the events that they tell: one row for each, with its name, time, money and id."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.collect.importers.columns import (
    Columns,
    caught,
    first_text,
    hashed_ids,
    holding,
    named,
    text_of,
)
from pathworth.collect.importers.contracts import Format, Telling
from pathworth.collect.importers.steps import renamed
from pathworth.collect.map_rows import rawas_received
from pathworth.collect.numbers import flags
from pathworth.collect.readers import RawRows, Torn
from pathworth.collect.times import parse_format, read_times

OWNER = "@owner"
"""The column in which code that reads rows says whose they are, where a format's ``entity`` names no column."""
_MONEY = ("value", "cost", "currency")
_HOLE = re.compile(r"\{([^{}]+)\}")
NOTHING_TOLD = "The row tells no event: nothing stands in the columns of its times."


@dataclass(frozen=True)
class Told:
    """The rows that tell one event: their places, and the columns ``@event``, ``@time`` and of money."""

    places: NDArray[np.int64]
    columns: dict[str, pa.Array]


def told(rows: RawRows, form: Format) -> RawRows:
    """Return a row for every event that flat rows tell; a row that tells none is refused."""
    count = len(rows.row)
    if count == 0:
        return replace(rows, columns={})
    columns = rows.columns
    tellings = list(_every(form.events, columns))
    parts = [_tell(telling, columns, form=form, count=count) for telling in tellings]
    places = np.concatenate([part.places for part in parts])
    order = np.argsort(places, kind="stable")
    at = pa.array(places[order])
    number = np.repeat(np.arange(len(parts)), [len(part.places) for part in parts])[order]
    found = {
        name: pa.concat_arrays([part.columns[name] for part in parts]).take(pa.array(order))
        for name in parts[0].columns
    }
    owner = OWNER if OWNER in columns else form.entity
    found["@entity"] = first_text(owner, columns, count=count).take(at)
    if form.anonymous is not None:
        found["@anonymous"] = first_text(form.anonymous, columns, count=count).take(at)
    if form.id is not None:
        found["@id"] = _ids(form.id, {n: c.take(at) for n, c in columns.items()}, found["@event"])
    kept = _properties(form, columns, tellings=tellings)
    properties = {
        name: _only(columns[name].take(at), number, seen=seen) for name, seen in kept.items()
    }
    own = np.flatnonzero(rows_of_list(None, columns, count=count))
    torn = _silent(rows, np.setdiff1d(own, places))
    columns = {**renamed(properties, form.rename), **found} if len(places) else {}
    return replace(rows, row=rows.row[places[order]], columns=columns, torn=(*rows.torn, *torn))


def _every(events: Iterable[Telling], columns: Columns) -> Iterable[Telling]:
    """Yield what rows may tell, once for every column that a time with ``*`` means."""
    for telling in events:
        if "*" not in telling.time:
            yield telling
            continue
        for column in named(telling.time, columns):
            name = telling.name.replace("*", caught(telling.time, column))
            when = {**telling.when, column: ()}
            yield msgspec.structs.replace(telling, name=name, time=column, when=when)


def _tell(telling: Telling, columns: Columns, *, form: Format, count: int) -> Told:
    good = rows_of_list(telling.of, columns, count=count)
    good &= holding(telling.when, columns, count=count)
    if telling.unless:
        good &= ~holding(telling.unless, columns, count=count)
    time = first_text(telling.time, columns, count=count)
    if telling.until is not None:
        good &= ~_behind(time, first_text(telling.until, columns, count=count), form=form)
    places = np.flatnonzero(good)
    at = pa.array(places)
    made = {"@event": names_of(telling.name, columns, count=count), "@time": time}
    for role in _MONEY:
        made[f"@{role}"] = _money(getattr(telling, role), columns, count=count)
    return Told(places, {name: column.take(at) for name, column in made.items()})


def rows_of_list(of: str | None, columns: Columns, *, count: int) -> NDArray[np.bool_]:
    """Return bool[n]: which rows are those of a list, or those of the file itself."""
    if "@of" not in columns:
        return np.full(count, of is None)
    return flags(columns["@of"].is_null() if of is None else pc.equal(columns["@of"], of))


def _behind(time: pa.Array, end: pa.Array, *, form: Format) -> NDArray[np.bool_]:
    """Return bool[n]: which times lie behind the end that is known of their row."""
    times, ends = (
        read_times(texts, parse_format(form.time_format or "iso"), zone=form.timezone or "UTC")
        for texts in (time, end)
    )
    return times.ok & ends.ok & (times.time_us > ends.time_us)


def names_of(name: str, columns: Columns, *, count: int) -> pa.Array:
    """Return the event's name row by row; null where a column in it holds nothing."""
    parts = _HOLE.split(name)
    texts = [
        first_text(part, columns, count=count) if k % 2 else pa.repeat(pa.scalar(part), count)
        for k, part in enumerate(parts)
        if part
    ]
    return pc.binary_join_element_wise(*texts, "") if len(texts) > 1 else texts[0]


def _money(spec: str | None, columns: Columns, *, count: int) -> pa.Array:
    """Return amounts, or codes of currencies; a code of three capitals that is no column stands for itself."""
    if spec is None:
        return pa.nulls(count, pa.string())
    back = spec.startswith("-")
    spec = spec.removeprefix("-")
    if not named(spec, columns) and re.fullmatch("[A-Z]{3}", spec):
        return pa.repeat(pa.scalar(spec), count)
    found = first_text(spec, columns, count=count)
    if not back:
        return found
    given = pc.binary_join_element_wise("-", pc.utf8_trim_whitespace(found), "")
    return pc.if_else(pc.match_substring_regex(found, r"^\s*[-(]"), found, given)


def _ids(spec: str | tuple[str, ...], columns: Columns, event: pa.Array) -> pa.Array:
    if isinstance(spec, str):
        return first_text(spec, columns, count=len(event))
    return hashed_ids(spec, columns, event=event)


def _properties(
    form: Format, columns: Columns, *, tellings: list[Telling]
) -> dict[str, NDArray[np.bool_]]:
    """Return the columns that become properties, and for each bool[tellings]: on which events."""
    hidden = (_used(form, tellings, columns) - {*_all(form.also, columns)}) | {
        *_all(form.drop, columns)
    }
    common = set(columns) if form.keep is None else {*_all(form.keep, columns)}
    own = [_own(telling, columns, hidden=hidden) for telling in tellings]
    kept = {}
    for name in columns:
        seen = np.array([name in mine for mine in own])
        if name in common - hidden and not (form.keep is None and seen.any()):
            seen[:] = True
        if seen.any():
            kept[name] = seen
    return kept


def _own(telling: Telling, columns: Columns, *, hidden: set[str]) -> set[str]:
    """Return the columns that one event keeps beside the others'; one that is named in full is kept in any case."""
    named_all = set(_all((spec for spec in telling.keep if "*" in spec), columns))
    return (named_all - hidden) | set(_all((s for s in telling.keep if "*" not in s), columns))


def _used(form: Format, tellings: list[Telling], columns: Columns) -> set[str]:
    """Return the columns whose meaning is said by a role."""
    specs = ["@of", OWNER, form.entity, *([form.id] if isinstance(form.id, str) else form.id or ())]
    for telling in tellings:
        specs += [telling.time, *_HOLE.findall(telling.name)]
        specs += [(getattr(telling, role) or "").removeprefix("-") for role in _MONEY]
    return set(_all(specs, columns))


def _all(specs: Iterable[str], columns: Columns) -> list[str]:
    return [name for spec in specs for name in named(spec, columns)]


def _only(column: pa.Array, number: NDArray[np.int64], *, seen: NDArray[np.bool_]) -> pa.Array:
    """Return a column with nulls on events that do not know it."""
    return column if seen.all() else pc.if_else(pa.array(seen[number]), text_of(column), None)


def _silent(rows: RawRows, places: NDArray[np.int64]) -> list[Torn]:
    if len(places) == 0:
        return []
    at = pa.array(places)
    texts = rawas_received({n: c.take(at) for n, c in rows.columns.items()}, len(places))
    numbers = rows.row[places].tolist()
    return [
        Torn(row, "NO_EVENT", NOTHING_TOLD, text) for row, text in zip(numbers, texts, strict=True)
    ]
