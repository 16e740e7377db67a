"""One person's events in order, with what each one carried."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pathworth.base.errors import UnknownName
from pathworth.base.instants import to_iso
from pathworth.base.money import from_micro
from pathworth.store import ColumnInfo, Shard, Snapshot, places_of

MONEY = ("value", "cost")


@dataclass(frozen=True)
class TimelineEvent:
    """One event; money in units of the currency, null where none moved."""

    time: str
    name: str
    value: float | None
    cost: float | None
    properties: dict[str, str]


@dataclass(frozen=True)
class Timeline:
    """The events of one person, the newest last; ``total`` counts all of them, shown or not."""

    id: str
    total: int
    first: str
    last: str
    events: tuple[TimelineEvent, ...]


@dataclass(frozen=True)
class PersonRow:
    """A person in a list: who, how many events, the first and the last of them."""

    id: str
    events: int
    first: str
    last: str


def find(snapshot: Snapshot, person: str) -> tuple[Shard, int]:
    """Return the shard that holds a person, by any of their raw ids, and the place in it.

    Raises
    ------
    UnknownName
        ``UNKNOWN_PERSON`` when nobody has this id.
    """
    for number, entity in places_of(snapshot.shards, snapshot.person_of(person)):
        if snapshot.lives(number, entity):
            return snapshot.shards[number], entity
    raise UnknownName(
        "UNKNOWN_PERSON",
        f"There is nobody with the id {person!r}.",
        "Ids are compared letter by letter.",
    )


def row_of(shard: Shard, entity: int) -> PersonRow:
    """Return a person as a row of a list."""
    at, to = int(shard.offset[entity]), int(shard.offset[entity + 1])
    times = shard.time_us
    return PersonRow(shard.id_of(entity), to - at, to_iso(times[at]), to_iso(times[to - 1]))


def timeline(snapshot: Snapshot, person: str, *, limit: int = 500) -> Timeline:
    """Return the newest events of one person, in order.

    Parameters
    ----------
    snapshot
        The state of the store.
    person
        Raw id.
    limit
        How many of the newest events.
    """
    shard, entity = find(snapshot, person)
    row = row_of(shard, entity)
    to = int(shard.offset[entity + 1])
    at = max(int(shard.offset[entity]), to - limit)
    return Timeline(
        row.id,
        row.events,
        row.first,
        row.last,
        tuple(event_at(snapshot, shard, place=k) for k in range(at, to)),
    )


def event_at(snapshot: Snapshot, shard: Shard, *, place: int) -> TimelineEvent:
    """Return one event of a shard as people read it."""
    said = {
        name: text
        for name, info in (*snapshot.columns.items(), *snapshot.masked.items())
        if name not in MONEY and (text := _text(info, shard.columns[name][place])) is not None
    }
    value, cost = (int(shard.columns[name][place]) for name in MONEY)
    return TimelineEvent(
        to_iso(shard.time_us[place]),
        snapshot.names[int(shard.name[place])],
        from_micro(value) if value else None,
        from_micro(cost) if cost else None,
        said,
    )


def _text(info: ColumnInfo, held: np.generic) -> str | None:
    """Return a cell as text; null where nothing was said."""
    if info.kind == "text":
        return info.values[int(held) - 1] if held else None
    if info.kind == "number":
        return None if np.isnan(held) else f"{float(held):g}"
    if info.kind == "flag":
        return ("false", "true", None)[int(held)]
    if info.kind == "money":
        return f"{from_micro(int(held)):g}" if held else None
    return None if held == np.iinfo(np.int64).min else to_iso(int(held))


def trait_at(snapshot: Snapshot, shard: Shard, *, trait: str, entity: int) -> str | None:
    """Return a trait of somebody as text; null where nothing was said."""
    info = snapshot.masked.get(trait)
    return _text(info or snapshot.traits[trait], shard.traits[trait][entity])


__all__ = [
    "PersonRow",
    "Timeline",
    "TimelineEvent",
    "event_at",
    "find",
    "row_of",
    "timeline",
    "trait_at",
]
