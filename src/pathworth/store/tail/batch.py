"""New events on their way into a tail, and arrays that grow by what comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.store.contracts import ColumnInfo, Snapshot
from pathworth.store.shards.further import Further
from pathworth.store.tail.room import Room


@dataclass(frozen=True)
class Batch:
    """Events in the order of their numbers, one element each.

    Parameters
    ----------
    seq, time_us
        int64[n]: number, and microseconds since 1970 UTC.
    entity, name
        Arrow texts: raw id and the event's name.
    value, cost
        int64[n]: micro-units, 0 where nothing was said.
    texts
        Properties by name, and ``source`` and ``currency``: Arrow texts, null where nothing was said.
    """

    seq: NDArray[np.int64]
    time_us: NDArray[np.int64]
    entity: pa.Array
    name: pa.Array
    value: NDArray[np.int64]
    cost: NDArray[np.int64]
    texts: Mapping[str, pa.Array] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.seq)

    def without(self, gone: NDArray[np.bool_]) -> Batch:
        """Return the events that are not marked."""
        kept = np.flatnonzero(~gone)
        names = ("seq", "time_us", "value", "cost")
        plain = {name: getattr(self, name)[kept] for name in names}
        chosen = pa.array(kept)
        texts = {name: held.take(chosen) for name, held in self.texts.items()}
        ids, events = self.entity.take(chosen), self.name.take(chosen)
        return replace(self, entity=ids, name=events, texts=texts, **plain)

    def cut(self, first: int, last: int) -> Batch:
        """Return the events from one place up to but without another."""
        names = ("seq", "time_us", "entity", "name", "value", "cost")
        plain = {name: getattr(self, name)[first:last] for name in names}
        texts = {name: held[first:last] for name, held in self.texts.items()}
        return replace(self, texts=texts, **plain)


@dataclass(frozen=True)
class Base:
    """What a tail stands on.

    Parameters
    ----------
    snapshot
        The shards, with nobody hidden.
    currency
        The workspace's, which holds where events are in several.
    alone
        The one text that ``source`` and ``currency`` hold, null for none, where they are no column.
    torn
        Those of the two that some events hold and others do not.
    """

    snapshot: Snapshot
    currency: str = "EUR"
    alone: Mapping[str, str | None] = field(default_factory=dict)
    torn: frozenset[str] = frozenset()

    @cached_property
    def promoted(self) -> Mapping[str, ColumnInfo]:
        """Return what the shards hold of the properties that are columns of theirs from the beginning."""
        return dict(self.snapshot.columns)

    @property
    def further(self) -> Further:
        """Return the properties that become columns when they are asked for."""
        held = self.snapshot.on_use
        return held if isinstance(held, Further) else Further({}, {}, maker=None)

    def info(self, name: str) -> ColumnInfo | None:
        """Return what the shards hold of a property; null when it is no column of theirs from the beginning."""
        return self.promoted.get(name)


class Growing:
    """An array that grows at its end; what was handed out before stays as it was.

    Parameters
    ----------
    dtype
        Of its elements.
    room
        Where it lies; null for memory.
    """

    def __init__(self, dtype: type, room: Room | None = None) -> None:
        self._held: NDArray = np.empty(1024, dtype=dtype)
        self._room = room or Room()
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def append(self, values: NDArray | Sequence[int]) -> None:
        """Append elements."""
        size = self._size + len(values)
        if size > len(self._held):
            grown = self._room.empty(max(size, len(self._held) * 2), self._held.dtype)
            grown[: self._size] = self._held[: self._size]
            self._held = grown
        self._held[self._size : size] = values
        self._size = size

    @property
    def array(self) -> NDArray:
        """Return all elements; a view."""
        return self._held[: self._size]
