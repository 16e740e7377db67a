"""Snapshots from rows, for tests: texts become codes, numbers and times keep their kinds."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from pathworth.store import ColumnInfo, EventArrays, Snapshot, snapshot_from_arrays

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def us(text: str) -> int:
    moment = datetime.fromisoformat(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - EPOCH) // timedelta(microseconds=1)


def snapshot(
    rows: Iterable[tuple[str, str, int]],
    *,
    columns: Mapping[str, list[Any]] | None = None,
    shards: int = 1,
    timezone: str = "UTC",
) -> Snapshot:
    """Lay out rows of (entity, event, microseconds) with property columns; None is null."""
    ids: dict[str, int] = {}
    names: dict[str, int] = {}
    cells = [(ids.setdefault(a, len(ids)), names.setdefault(b, len(names)), t) for a, b, t in rows]
    table = np.array(cells, np.int64).reshape(-1, 3).T.copy()
    coded = {name: code(values, name) for name, values in (columns or {}).items()}
    return snapshot_from_arrays(
        list(ids),
        EventArrays(
            table[0], table[1], table[2], None, {name: a for name, (a, _) in coded.items()}
        ),
        names=list(names) or ["none"],
        infos={name: info for name, (_, info) in coded.items() if info.kind != "money"},
        shards=shards,
        timezone=timezone,
    )


def code(values: list[Any], name: str) -> tuple[np.ndarray, ColumnInfo]:
    """Return a column as the store holds it."""
    known = [one for one in values if one is not None]
    if name in ("value", "cost"):
        return np.array([round((one or 0) * 1e6) for one in values], np.int64), ColumnInfo("money")
    if known and all(isinstance(one, bool) for one in known):
        return np.array([2 if one is None else one for one in values], np.uint8), ColumnInfo("flag")
    if known and all(isinstance(one, datetime) for one in known):
        least = np.iinfo(np.int64).min
        times = [
            least if one is None else (one - EPOCH) // timedelta(microseconds=1) for one in values
        ]
        return np.array(times, np.int64), ColumnInfo("time")
    if known and all(isinstance(one, int | float) for one in known):
        numbers = [np.nan if one is None else one for one in values]
        return np.array(numbers, np.float64), ColumnInfo("number")
    words = sorted(set(known))
    codes = [0 if one is None else words.index(one) + 1 for one in values]
    return np.array(codes, np.uint16), ColumnInfo("text", tuple(words))


def from_csv(file: Path, entity: str, event: str, time: str, **given: Any) -> Snapshot:
    """Read a CSV; an event that begins with = names every row."""
    with file.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    named = event[1:] if event.startswith("=") else None
    return snapshot(((row[entity], named or row[event], us(row[time])) for row in rows), **given)


def random_rows(
    seed: int, *, people: int, events: int, names: int = 6
) -> list[tuple[str, str, int]]:
    """Return rows with ties in time, in no order of entities."""
    rng = np.random.default_rng(seed)
    who = rng.integers(0, people, events)
    what = rng.integers(0, names, events)
    when = 1_700_000_000_000_000 + rng.integers(0, 90 * 24 * 60, events) * 60_000_000
    return [(f"p{a}", f"e{b}", int(t)) for a, b, t in zip(who, what, when, strict=True)]
