"""Every event of every person that answers count, person by person, each property in its own type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pathworth.base.instants import to_iso
from pathworth.base.money import from_micro
from pathworth.store import ColumnInfo, Shard, Snapshot

Cell = str | float | int | bool
MONEY = ("value", "cost")
OWN = "pathworth:"
"""Before the names of money, so that no property can be taken for it."""
TYPES = {"text": "string", "number": "float", "money": "float", "flag": "boolean", "time": "time"}


@dataclass(frozen=True)
class LoggedEvent:
    """An event as logs hold it; ``id`` is the number that it got when it was accepted."""

    id: int
    name: str
    time: str
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Logged:
    """A person with all events in order."""

    id: str
    events: tuple[LoggedEvent, ...]


@dataclass(frozen=True)
class Source:
    """What a log is made of: a state of the store, and the properties that are its columns."""

    snapshot: Snapshot
    columns: tuple[str, ...]

    @classmethod
    def of(cls, snapshot: Snapshot, having: tuple[str, ...]) -> Source:
        """Take every property that is a column anyway, and some others."""
        return cls(
            snapshot,
            tuple(n for n in {**snapshot.columns, **dict.fromkeys(having)} if n not in MONEY),
        )

    def everybody(self) -> Iterator[Logged]:
        """Yield the people whom answers count, those of one shard after those of another."""
        for shard, entity in self._shown():
            span = range(int(shard.offset[entity]), int(shard.offset[entity + 1]))
            yield Logged(shard.id_of(entity), tuple(self._event(shard, place) for place in span))

    def ids(self) -> Iterator[str]:
        """Yield the ids of these people."""
        return (shard.id_of(entity) for shard, entity in self._shown())

    def types(self) -> dict[str, str]:
        """Return the type of every attribute that an event may have, by its name."""
        found = {name: TYPES[self.snapshot.columns[name].kind] for name in self.columns}
        money = {f"{OWN}{name}": "float" for name in MONEY}
        return {**found, **money, f"{OWN}currency": "string"}

    def _shown(self) -> Iterator[tuple[Shard, int]]:
        for number, shard in enumerate(self.snapshot.shards):
            for entity in np.flatnonzero(self.snapshot.shown(number)).tolist():
                yield shard, entity

    def _event(self, shard: Shard, place: int) -> LoggedEvent:
        held = self.snapshot
        cells: dict[str, Cell] = {}
        for name in self.columns:
            found = cell(held.columns[name], shard.columns[name][place])
            if found is not None:
                cells[name] = found
        money = {name: int(shard.columns[name][place]) for name in MONEY}
        cells |= {f"{OWN}{name}": from_micro(amount) for name, amount in money.items() if amount}
        if any(money.values()):
            cells[f"{OWN}currency"] = cells.pop("currency", held.currency)
        name, time = held.names[int(shard.name[place])], to_iso(int(shard.time_us[place]))
        return LoggedEvent(int(shard.seq[place]), name, time, cells)


def cell(info: ColumnInfo, held: np.generic) -> Cell | None:
    """Return what a cell holds; null where nothing was said."""
    if info.kind == "text":
        return info.values[int(held) - 1] if held else None
    if info.kind == "number":
        number = float(held)
        return None if not np.isfinite(number) else int(number) if number.is_integer() else number
    if info.kind == "flag":
        return (False, True, None)[int(held)]
    if info.kind == "money":
        return from_micro(int(held)) if held else None
    return None if held == np.iinfo(np.int64).min else to_iso(int(held))
