"""What a workspace holds: its size, its maps, and its columns for those who build a filter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pathworth.base.instants import to_iso
from pathworth.journeys import AsOf
from pathworth.run.workspace import Workspace
from pathworth.store import Snapshot

COMMONEST = 20


@dataclass(frozen=True)
class MapName:
    """The newest revision of a map."""

    name: str
    revision: int
    created: str


@dataclass(frozen=True)
class Overview:
    """What a workspace holds; ``from_`` and ``to`` are null when it is empty."""

    name: str
    currency: str
    timezone: str
    entities: int
    events: int
    from_: str | None
    to: str | None
    maps: tuple[MapName, ...]
    as_of: AsOf


@dataclass(frozen=True)
class ColumnValue:
    """A value of a column, and on how many events it stands."""

    value: str
    count: int


@dataclass(frozen=True)
class ColumnRow:
    """A column that a filter can speak of, with its commonest values when it is text."""

    name: str
    kind: str
    values: tuple[ColumnValue, ...]


def overview(workspace: Workspace) -> Overview:
    """Say what a workspace holds."""
    snapshot = workspace.store.snapshot()
    empty = snapshot.events == 0
    maps = tuple(MapName(m.name, m.revision, m.created_at) for m in workspace.store.maps())
    return Overview(
        name=workspace.store.path.resolve().name,
        currency=snapshot.currency,
        timezone=snapshot.timezone,
        entities=snapshot.entities,
        events=snapshot.events,
        from_=None if empty else to_iso(snapshot.first_us),
        to=None if empty else to_iso(snapshot.last_us),
        maps=maps,
        as_of=AsOf(snapshot.id, snapshot.seq),
    )


def columns(workspace: Workspace) -> tuple[ColumnRow, ...]:
    """Return the columns that a filter can speak of: the event's name first, then properties by name."""
    snapshot = workspace.store.snapshot()
    counted = _counted([shard.name for shard in snapshot.shards], len(snapshot.names))
    rows = [ColumnRow("event", "text", _commonest(snapshot.names, counted))]
    for name, info in sorted(snapshot.columns.items()):
        rows.append(ColumnRow(name, info.kind, _values(snapshot, name)))
    return tuple(rows)


def _values(snapshot: Snapshot, name: str) -> tuple[ColumnValue, ...]:
    info = snapshot.columns[name]
    if info.kind != "text":
        return ()
    held = _counted([shard.columns[name] for shard in snapshot.shards], len(info.values) + 1)
    return _commonest(info.values, held[1:])


def _counted(codes: list[np.ndarray], size: int) -> np.ndarray:
    return sum((np.bincount(one, minlength=size) for one in codes), np.zeros(size, np.int64))


def _commonest(names: tuple[str, ...], counts: np.ndarray) -> tuple[ColumnValue, ...]:
    order = sorted(range(len(names)), key=lambda k: (-int(counts[k]), names[k]))[:COMMONEST]
    return tuple(ColumnValue(names[k], int(counts[k])) for k in order if counts[k])
