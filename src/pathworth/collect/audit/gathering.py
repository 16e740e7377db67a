"""The events of each source of a snapshot as an audit takes them: whose, what, on which local day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from pathworth.collect.audit.contracts import SourceEvents, Values
from pathworth.store import Snapshot

SOURCE = "source"
MOST_DAYS = 400
"""So far back an audit looks."""
MOST_TEXTS = 200_000
FILLED = ("said",)
"""Stands for every number, amount and time: an audit asks only whether one is said."""
_SECOND_US = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class _Cut:
    """The days that are looked at: the first, and the instants at which each begins and the last ends."""

    first: date
    edges_us: NDArray[np.int64]

    @property
    def days(self) -> int:
        return len(self.edges_us) - 1


class _Held:
    """The events of a snapshot within some days, those of whoever is shown."""

    def __init__(self, snapshot: Snapshot, cut: _Cut, private: frozenset[str]) -> None:
        self.snapshot, self.cut, self.private = snapshot, cut, private
        first, last = cut.edges_us[0], cut.edges_us[-1]
        self.kept: list[NDArray[np.int64]] = []
        entity, name, day, second = [], [], [], []
        before = 0
        for place, shard in enumerate(snapshot.shards):
            shown = np.zeros(shard.events, dtype=np.bool_)
            shown[snapshot.shown_events(place)] = True
            rows = np.flatnonzero(shown & (shard.time_us >= first) & (shard.time_us < last))
            whose = np.repeat(np.arange(shard.entities, dtype=np.int64), np.diff(shard.offset))
            times = shard.time_us[rows]
            self.kept.append(rows)
            entity.append(whose[rows] + before)
            name.append(shard.name[rows].astype(np.int64))
            day.append(np.searchsorted(cut.edges_us, times, side="right") - 1)
            second.append(times // _SECOND_US)
            before += shard.entities
        self.entity, self.name, self.day, self.second = (
            np.concatenate([np.zeros(0, np.int64), *parts]) for parts in (entity, name, day, second)
        )

    def column(self, name: str) -> NDArray:
        """Return a property's codes, 0 for nothing."""
        shards = zip(self.snapshot.shards, self.kept, strict=True)
        held: NDArray = np.concatenate([shard.columns[name][rows] for shard, rows in shards])
        match self.snapshot.columns[name].kind:
            case "flag":
                return (held + 1) % 3
            case "number":
                return np.asarray(~np.isnan(held), dtype=np.uint8)
            case "time":
                return np.asarray(held != np.iinfo(np.int64).min, dtype=np.uint8)
            case "money":
                return np.asarray(held != 0, dtype=np.uint8)
        return np.asarray(held != 0, dtype=np.uint8) if name in self.private else held


class _Columns(Mapping[str, Values]):
    """The properties of some events, opened when asked for; of numbers, amounts and times whether they are said."""

    def __init__(self, held: _Held, rows: NDArray[np.int64] | slice) -> None:
        self._held, self._rows = held, rows

    @cached_property
    def _texts(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name, info in self._held.snapshot.columns.items():
            if info.kind == "flag":
                found[name] = ("false", "true")
            elif info.kind != "text" or name in self._held.private:
                found[name] = FILLED
            elif name != SOURCE and len(info.values) <= MOST_TEXTS:
                found[name] = tuple(info.values)
        return found

    def __getitem__(self, name: str, /) -> Values:
        return Values(self._held.column(name)[self._rows], self._texts[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


def sources_of(
    snapshot: Snapshot,
    *,
    source: str,
    until: date | None = None,
    private: Collection[str] = (),
) -> list[SourceEvents]:
    """Return the events of each source, up to the end of a day.

    Parameters
    ----------
    snapshot
        Where they are.
    source
        What the source is called where there is only one.
    until
        The last local day that is looked at; that of the last event when null.
    private
        Properties of which only whether they are said is looked at.
    """
    if not snapshot.events:
        return []
    held = _Held(snapshot, _cut(snapshot, until), frozenset(private))
    if SOURCE not in snapshot.columns:
        return [_source(held, source, slice(None))] if len(held.name) else []
    codes, texts = held.column(SOURCE), snapshot.columns[SOURCE].values
    counts = np.bincount(codes, minlength=len(texts) + 1)
    there = np.flatnonzero(counts).tolist()
    named = [(texts[code - 1] if code else source, code) for code in there]
    return [_source(held, name, np.flatnonzero(codes == code)) for name, code in sorted(named)]


def _source(held: _Held, name: str, rows: NDArray[np.int64] | slice) -> SourceEvents:
    return SourceEvents(
        source=name,
        names=held.snapshot.names,
        first_day=held.cut.first,
        days=held.cut.days,
        entity=held.entity[rows],
        name=held.name[rows],
        day=held.day[rows],
        second=held.second[rows],
        columns=_Columns(held, rows),
    )


def _cut(snapshot: Snapshot, until: date | None) -> _Cut:
    zone = ZoneInfo(snapshot.timezone)
    last = day_of(snapshot.last_us, zone) if until is None else until
    first = max(day_of(snapshot.first_us, zone), last - timedelta(days=MOST_DAYS - 1))
    days = max((last - first).days + 1, 0)
    edges = [_begin_us(first + timedelta(days=k), zone) for k in range(days + 1)]
    return _Cut(first, np.array(edges, np.int64))


def day_of(instant_us: int, zone: ZoneInfo) -> date:
    """Return the local day of an instant."""
    return (_EPOCH + timedelta(microseconds=int(instant_us))).astimezone(zone).date()


def _begin_us(day: date, zone: ZoneInfo) -> int:
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return (midnight - _EPOCH) // timedelta(microseconds=1)
