"""What the names in a predicate stand for: columns of events, or traits of entities, with their kinds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.base.errors import UnknownName
from pathworth.base.predicate import Column, Operand, Trait, unknown
from pathworth.journeys.contracts import Part
from pathworth.kernels.select import known_so_far, last_known
from pathworth.store import ColumnInfo, Kind, Shard, Snapshot

NULL_TIME = np.iinfo(np.int64).min
FLAGS = ("false", "true")
PERSON = "person"
"""In ``who=`` the raw id itself; a trait of that name is ``trait('person')``."""


@dataclass(frozen=True)
class Unread(ColumnInfo):
    """A property that is no column yet, and of which not even the kind is known: any value may be its."""


@dataclass(frozen=True)
class Field:
    """A column as a predicate sees it; in its dictionary code 0 is null, event names apart.

    ``unread`` says that its kind is not known, as only checks meet it.
    """

    place: Literal["event", "column", "trait", "person"]
    name: str
    kind: Kind
    values: Sequence[str] = ()
    unread: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Return what tells fields apart."""
        return self.place, self.name

    @property
    def coded(self) -> bool:
        """Whether the column holds codes of a dictionary."""
        return self.kind in {"text", "flag"} and self.place != "person"

    @property
    def words(self) -> list[str | None]:
        """Return the value of every code."""
        if self.kind == "flag":
            return [*FLAGS, None]
        return list(self.values) if self.place == "event" else [None, *self.values]


class Fields(Protocol):
    """Finds the field of a name and knows the timezone in which bare times are read."""

    @property
    def snapshot(self) -> Snapshot:
        """Return the snapshot whose columns are meant."""
        ...

    def find(self, operand: Operand) -> Field:
        """Return the field; raises ``UNKNOWN_COLUMN`` with near names."""
        ...


@dataclass(frozen=True)
class EventFields:
    """Names in ``where=`` and in rules of steps."""

    snapshot: Snapshot

    def find(self, operand: Operand) -> Field:
        """Return the field; raises ``UNKNOWN_COLUMN`` or ``UNKNOWN_TRAIT`` with near names.

        A property that is no column yet becomes one here, which may take as long as reading it from the lake.
        """
        columns, others = self.snapshot.columns, self.snapshot.on_use
        if isinstance(operand, Trait):
            info = columns.get(operand.name)
            if info is None:
                raise _unknown("trait", operand, [*columns, *others])
            return _field("trait", operand.name, info)
        match operand.name:
            case "event":
                return Field("event", "event", "text", self.snapshot.names)
            case "time":
                return Field("event", "time", "time")
            case "value" | "cost":
                return Field("column", operand.name, "money")
        info = columns.get(operand.name)
        if info is None:
            known = [*columns, *others, "event", "time", "value", "cost"]
            raise _unknown("column", operand, known)
        return _field("column", operand.name, info)


@dataclass(frozen=True)
class TraitFields:
    """Names in ``who=``: traits, with or without ``trait('...')``."""

    snapshot: Snapshot

    def find(self, operand: Operand) -> Field:
        """Return the field, made a column first where it is none yet; raises ``UNKNOWN_TRAIT`` with near names."""
        traits = self.snapshot.traits
        if operand.name == PERSON and isinstance(operand, Column):
            return Field("person", PERSON, "text")
        info = traits.get(operand.name)
        if info is None:
            others = [name for name in self.snapshot.on_use if name != operand.name]
            raise _unknown("trait", operand, [*traits, *others, PERSON])
        return _field("trait", operand.name, info)


def _field(place: Literal["column", "trait"], name: str, info: ColumnInfo) -> Field:
    return Field(place, name, info.kind, info.values, isinstance(info, Unread))


_MEANT = {
    "event": "event is of events, and here people are kept: write did('purchase').",
    "time": "time is of events, and here people are kept: write did('purchase', within='7d').",
    "value": "value is of events, and here people are kept.",
    "cost": "cost is of events, and here people are kept.",
    PERSON: "person is of people, and here events are kept: put it into who=.",
    "did": "Write did('purchase').",
    "matches": "Write matches('cart -> purchase').",
    "in_segment": "Write in_segment('name').",
}


def _unknown(what: str, operand: Operand, known: Iterable[str]) -> UnknownName:
    error = unknown(what, operand.name, known=known, at=operand.at)
    meant = _MEANT.get(operand.name) if isinstance(operand, Column) else None
    return error if meant is None else UnknownName(error.code, error.message, meant)


class Arrays(Protocol):
    """Hands out the arrays of fields, all of one length."""

    @property
    def length(self) -> int:
        """Return the one length."""
        ...

    def of(self, field: Field) -> NDArray:
        """Return the array of a field."""
        ...


@dataclass(frozen=True)
class EventArrays:
    """The columns of a part's events, ``[offset[0]:offset[-1]]``."""

    part: Part

    @property
    def length(self) -> int:
        """Return how many events the part has."""
        return int(self.part.offset[-1] - self.part.offset[0])

    def of(self, field: Field) -> NDArray:
        """Return the array of a field."""
        offset, shard = self.part.offset, self.part.shard
        span = slice(int(offset[0]), int(offset[-1]))
        if field.place == "trait":
            column = shard.columns[field.name][span]
            at = np.empty(len(column), np.int64)
            known_so_far(offset - offset[0], known(column, field.kind), at)
            return taken(column, at, kind=field.kind)
        if field.place == "column":
            return shard.columns[field.name][span]
        return (shard.name if field.name == "event" else shard.time_us)[span]


@dataclass(frozen=True)
class TraitArrays:
    """The traits of a shard's entities as of an instant; null: the stored ones, of the very end.

    ``snapshot`` says when the very end is, for what they did within a time.
    """

    shard: Shard
    until_us: int | None
    snapshot: Snapshot | None = None

    @property
    def length(self) -> int:
        """Return how many entities the shard has."""
        return self.shard.entities

    def of(self, field: Field) -> NDArray:
        """Return the array of a field; ids as objects."""
        if field.place == "person":
            return ids_of(self.shard)
        if self.until_us is None:
            return self.shard.traits[field.name]
        column = self.shard.columns[field.name]
        at = np.empty(self.length, np.int64)
        last_known(
            self.shard.offset, known(column, field.kind), self.shard.time_us, self.until_us, at
        )
        return taken(column, at, kind=field.kind)


def ids_of(shard: Shard) -> NDArray:
    """Return object[n]: the raw ids of a shard's entities."""
    texts = pa.LargeStringArray.from_buffers(
        shard.entities, pa.py_buffer(shard.id_offset), pa.py_buffer(shard.id_bytes)
    )
    found: NDArray = texts.to_numpy(zero_copy_only=False)
    return found


def known(column: NDArray, kind: Kind) -> NDArray[np.uint8]:
    """Return uint8[n]: 1 where a column is not null."""
    match kind:
        case "text":
            mask = column != 0
        case "flag":
            mask = column != 2
        case "number":
            mask = ~np.isnan(column)
        case "time":
            mask = column != NULL_TIME
        case "money":
            mask = column != 0
    found: NDArray[np.uint8] = mask.view(np.uint8)
    return found


def taken(column: NDArray, at: NDArray[np.int64], *, kind: Kind) -> NDArray:
    """Return the column's values at places, null where the place is -1."""
    null = {"text": 0, "flag": 2, "number": np.nan, "time": NULL_TIME, "money": 0}[kind]
    if len(column) == 0:
        return np.full(len(at), null, column.dtype)
    return np.where(at >= 0, column[np.maximum(at, 0)], np.asarray(null, column.dtype))
