"""What the names in a predicate stand for: columns of events, or traits of entities, with their kinds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.base.errors import UnknownName, WrongUsage
from pathworth.base.period import FOREVER_US
from pathworth.base.predicate import Column, Did, Operand, Trait
from pathworth.journeys.contracts import Part, Step
from pathworth.kernels.select import known_so_far, last_known, often_enough
from pathworth.store import Kind, Shard, Snapshot

NULL_TIME = np.iinfo(np.int64).min
FLAGS = ("false", "true")
PERSON = "person"
"""In ``who=`` the raw id itself; a trait of that name is ``trait('person')``."""
_ALL = np.empty(0, np.uint8)


@dataclass(frozen=True)
class Field:
    """A column as a predicate sees it; in its dictionary code 0 is null, event names apart."""

    place: Literal["event", "column", "trait", "person"]
    name: str
    kind: Kind
    values: Sequence[str] = ()

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

    def deed(self, did: Did) -> str:
        """Return the predicate over events of what was done; raises ``UNKNOWN_STEP`` with near names."""
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
                raise UnknownName.near("trait", operand.name, [*columns, *others])
            return Field("trait", operand.name, info.kind, info.values)
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
            raise UnknownName.near("column", operand.name, known)
        return Field("column", operand.name, info.kind, info.values)

    def deed(self, did: Did) -> str:
        """Refuse: an event has done nothing."""
        raise WrongUsage(
            "FUNCTION_NOT_AVAILABLE",
            f"did speaks of people, and here events are kept (character {did.at + 1}).",
            "Put it into the filter of people: who=\"did('step')\".",
        )


@dataclass(frozen=True)
class TraitFields:
    """Names in ``who=``: traits, with or without ``trait('...')``, and what ``did`` may name."""

    snapshot: Snapshot
    steps: tuple[Step, ...] = ()

    def find(self, operand: Operand) -> Field:
        """Return the field, made a column first where it is none yet; raises ``UNKNOWN_TRAIT`` with near names."""
        traits = self.snapshot.traits
        if operand.name == PERSON and isinstance(operand, Column):
            return Field("person", PERSON, "text")
        info = traits.get(operand.name)
        if info is None:
            others = [name for name in self.snapshot.on_use if name != operand.name]
            raise UnknownName.near("trait", operand.name, [*traits, *others, PERSON])
        return Field("trait", operand.name, info.kind, info.values)

    def deed(self, did: Did) -> str:
        """Return the rule of a step, else of an event's name; raises ``UNKNOWN_STEP`` with near names."""
        for step in self.steps:
            if step.name == did.step:
                return step.rule
        if did.step in self.snapshot.names:
            return "event = '" + did.step.replace("'", "''") + "'"
        known = [*(step.name for step in self.steps), *self.snapshot.names]
        near = UnknownName.near("step", did.step, known)
        message = f"There is no step or event named {did.step!r} (character {did.at + 1})."
        raise UnknownName(near.code, message, near.hint)


Holds = Callable[["Arrays"], NDArray[np.uint8]]


class Arrays(Protocol):
    """Hands out the arrays of fields, all of one length."""

    @property
    def length(self) -> int:
        """Return the one length."""
        ...

    def of(self, field: Field) -> NDArray:
        """Return the array of a field."""
        ...

    def often(self, holds: Holds, at_least: int, *, within_us: int | None) -> NDArray[np.uint8]:
        """Return uint8[n]: 1 where so many events hold a rule."""
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

    def often(self, holds: Holds, at_least: int, *, within_us: int | None) -> NDArray[np.uint8]:
        """Say that events do nothing; ``EventFields.deed`` refuses before."""
        raise TypeError(holds, at_least, within_us)


@dataclass(frozen=True)
class TraitArrays:
    """The traits and deeds of a shard's entities as of an instant; null: the stored ones, of the very end.

    ``snapshot`` says when the very end is, for deeds within a time.
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

    def often(self, holds: Holds, at_least: int, *, within_us: int | None) -> NDArray[np.uint8]:
        """Return uint8[n]: 1 where so many events hold a rule, counted back from the instant."""
        if self.snapshot is None:
            raise TypeError("deeds need the snapshot")
        shard = self.shard
        events = EventArrays(Part(-1, shard, self.snapshot, 0, shard.entities, _ALL))
        until = self.snapshot.last_us + 1 if self.until_us is None else self.until_us
        begin = -FOREVER_US if within_us is None else until - within_us
        out = np.empty(self.length, np.uint8)
        often_enough(shard.offset, holds(events), shard.time_us, begin, until, at_least, out)
        return out


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
