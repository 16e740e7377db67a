"""Whole journeys gathered from where their events lie; columns come along when somebody reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from threading import Lock
from typing import Protocol, runtime_checkable

import numpy as np
import pyarrow as pa
from numpy.typing import DTypeLike, NDArray

from pathworth.store.arrays import (
    TRAIT_KINDS,
    code_type,
    frozen,
    group_starts,
    last_values,
    lay_out,
    rank_entities,
)
from pathworth.store.contracts import Columns, Kind, Shard
from pathworth.store.tail.columns import Values
from pathworth.store.tail.room import Room
from pathworth.store.texts import hash64

Places = NDArray[np.int64]
_BITS = 40
"""An event's origin is the number of its source above so many bits, and its place there."""
_BLOCK = 1 << 16
"""So many events at a time: what is made on the way is as large as they, whatever lies in the tail."""


@dataclass(frozen=True)
class Fields:
    """Where columns come from as of a moment, and where those that are made of them lie.

    Parameters
    ----------
    base, values
        The shards of the base, and the rows of the tail behind them.
    room
        Where what is made lies.
    """

    base: tuple[Columns, ...]
    values: Mapping[str, Values]
    room: Room


@runtime_checkable
class Picks(Protocol):
    """Columns of which some values can be had without keeping the rest."""

    def pick(self, name: str, places: Places, /) -> NDArray:
        """Return some values of a column."""
        ...


class Gathered:
    """Property columns of gathered journeys, made when asked for by name and kept."""

    def __init__(self, origin: Places, fields: Fields) -> None:
        self._origin, self.fields = origin, fields
        self._made: dict[str, NDArray] = {}
        self._lock = Lock()

    def __contains__(self, name: object) -> bool:
        return name in self.fields.values

    def __getitem__(self, name: str, /) -> NDArray:
        # One thread gathers a column and the others wait for it.
        with self._lock:
            if name not in self._made:
                self._made[name] = frozen(gathered(self._origin, self.fields, name=name))
            return self._made[name]

    def pick(self, name: str, places: Places) -> NDArray:
        """Return some values of a column, which is not kept for it."""
        made = self._made.get(name)
        return (
            gathered(self._origin[places], self.fields, name=name) if made is None else made[places]
        )

    def renewed(self, fields: Fields) -> Gathered:
        """Return the columns as of a later moment, with what was made and is good still."""
        later = Gathered(self._origin, fields)
        old = self.fields.values
        with self._lock:
            for name, made in self._made.items():
                if name in fields.values and fields.values[name].key == old[name].key:
                    later._made[name] = made
        return later


def gathered(origin: Places, fields: Fields, *, name: str) -> NDArray:
    """Return one column of events by their origins."""
    out = fields.room.empty(len(origin), fields.values[name].dtype)
    for first in range(0, len(origin), _BLOCK):
        some = slice(first, first + _BLOCK)
        _gather(out[some], origin[some], fields, name=name)
    return out


def _gather(out: NDArray, origin: Places, fields: Fields, *, name: str) -> None:
    values = fields.values[name]
    for source, mine, places in _by_source(origin):
        if source == len(fields.base):
            out[mine] = values.of(places)
        elif values.fill is not None:
            out[mine] = values.fill
        else:
            held = fields.base[source]
            out[mine] = held.pick(name, places) if isinstance(held, Picks) else held[name][places]


def _by_source(origin: Places) -> Iterator[tuple[int, Places, Places]]:
    """Yield the number of each source, which events come from it, and their places there."""
    source = (origin >> _BITS).astype(np.uint16)
    order = np.argsort(source, kind="stable")
    begins = np.flatnonzero(np.diff(source[order].astype(np.int64), prepend=-1))
    for mine in np.split(order, begins[1:]) if len(order) else ():
        yield int(source[mine[0]]), mine, origin[mine] & ((1 << _BITS) - 1)


class GatheredTraits:
    """The last known value of each gathered person, made from the column when asked for."""

    def __init__(self, columns: Columns, offset: Places, fields: Fields) -> None:
        self._columns, self._offset, self._fields = columns, offset, fields
        self._made: dict[str, NDArray] = {}

    def __contains__(self, name: object) -> bool:
        values = self._fields.values
        return name in values and values[str(name)].info.kind in TRAIT_KINDS

    def __getitem__(self, name: str, /) -> NDArray:
        if name not in self._made:
            self._made[name] = _last(self._offset, self._columns[name], self._fields, name=name)
        return self._made[name]


def _last(offset: Places, column: NDArray, fields: Fields, *, name: str) -> NDArray:
    """Return the last known value of each person, to be kept."""
    kind = fields.values[name].info.kind
    return frozen(fields.room.keep(last_values(offset, column, kind=kind)))


class Widened:
    """The columns of a shard of the base with those that it lacks: everywhere the same value."""

    def __init__(self, held: Columns, size: int, values: Mapping[str, Values]) -> None:
        self._held, self._size, self._values = held, size, values
        self._made: dict[str, NDArray] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._held or name in self._values

    def __getitem__(self, name: str, /) -> NDArray:
        if name in self._held:
            return self._held[name]
        if name not in self._made:
            self._made[name] = frozen(self._values[name].filled(self._size))
        return self._made[name]

    def pick(self, name: str, places: Places) -> NDArray:
        """Return some values of a column."""
        if name in self._held:
            return self._held[name][places]
        return self._values[name].filled(len(places))


@dataclass(frozen=True)
class Scratch:
    """Gathered journeys.

    Parameters
    ----------
    who
        int64[n_entity]: number of each entity in the tail.
    origin
        int64[n_event]: where each event lies in the base or the tail.
    columns, shard
        The journeys as a shard, and its columns.
    asked
        Columns and traits that were asked for by name, with what must be equal for them to be good still.
    """

    who: Places
    origin: Places
    columns: Gathered
    shard: Shard
    asked: dict[str, tuple[tuple[Kind, bool], NDArray, NDArray | None]] = field(
        default_factory=dict
    )

    def further(self, name: str, fields: Fields) -> tuple[NDArray, NDArray | None]:
        """Return a column that is not there from the beginning, and its trait where it makes one."""
        values = fields.values[name]
        held = self.asked.get(name)
        if held is None or held[0] != values.key:
            made, traits = frozen(gathered(self.origin, fields, name=name)), None
            if values.info.kind in TRAIT_KINDS:
                traits = _last(self.shard.offset, made, fields, name=name)
            held = self.asked[name] = (values.key, made, traits)
        return held[1:]

    def renewed(self, fields: Fields) -> Scratch:
        """Return the same journeys with the columns of a later moment."""
        columns = self.columns.renewed(fields)
        traits = GatheredTraits(columns, self.shard.offset, fields)
        shard = self.shard.with_columns(columns=columns, traits=traits)
        return replace(self, columns=columns, shard=shard)


@dataclass
class Pieces:
    """Events on their way into one shard: whose they are, when, which, and where they lie.

    Parameters
    ----------
    room
        Where they lie on their way, and the shard afterwards.
    """

    room: Room
    whose: list[Places] = field(default_factory=list)
    time_us: list[Places] = field(default_factory=list)
    seq: list[Places] = field(default_factory=list)
    name: list[NDArray] = field(default_factory=list)
    origin: list[Places] = field(default_factory=list)

    @property
    def events(self) -> int:
        """Return how many events there are."""
        return sum(map(len, self.seq))

    def take(self, shard: Shard, entities: Places, *, whose: Places, origin: Places | int) -> None:
        """Take all events of some entities of a shard.

        Parameters
        ----------
        shard
            Where they lie.
        entities, whose
            int64[n]: places there, and whose journey those events are part of.
        origin
            int64[n_event] of the shard, or its number among the sources.
        """
        begins = shard.offset[entities]
        sizes = shard.offset[entities + 1] - begins
        ends = np.cumsum(sizes)
        events = int(ends[-1]) if len(ends) else 0
        whom, from_ = self._more(self.whose, events), self._more(self.origin, events)
        held = ((shard.time_us, self.time_us), (shard.seq, self.seq), (shard.name, self.name))
        taken = [(values, self._more(to, events, values.dtype)) for values, to in held]
        for some in _blocks(ends):
            places = spans(begins[some], sizes[some])
            last = int(ends[some][-1])
            mine = slice(last - len(places), last)
            whom[mine] = np.repeat(whose[some], sizes[some])
            from_[mine] = origins(origin, places) if isinstance(origin, int) else origin[places]
            for values, to in taken:
                to[mine] = values[places]

    def laid_out(self, who: Places, ids: pa.Array, *, names: int, fields: Fields) -> Scratch:
        """Return the journeys of entities as a scratch; the pieces are used up by it.

        Parameters
        ----------
        who, ids
            int64[n] and texts: numbers of the entities, as ``whose`` names them, and their raw ids.
        names
            How many event names there are.
        """
        entities = rank_entities(ids, hash64(ids))
        place = np.empty(int(who.max(initial=-1)) + 1, np.int32)
        place[who] = entities.rank
        time_us, seq = self._whole(self.time_us), self._whole(self.seq)
        rank = self.room.take(place, self._whole(self.whose))
        offset, order = lay_out(rank, len(who), time_us=time_us, seq=seq, empty=self.room.empty)
        time_us, seq = self._sorted(time_us, order), self._sorted(seq, order)
        origin = self._sorted(self._whole(self.origin), order)
        name = self._sorted(self._whole(self.name, code_type(names)), order)
        columns, offset = Gathered(origin, fields), frozen(self.room.keep(offset))
        shard = Shard(
            group_start=group_starts(entities.hashes),
            offset=offset,
            name=name,
            time_us=time_us,
            seq=seq,
            columns=columns,
            traits=GatheredTraits(columns, offset, fields),
            id_offset=self.room.keep(entities.id_offset),
            id_bytes=self.room.keep(entities.id_bytes),
        )
        return Scratch(self.room.take(who, entities.first), origin, columns, shard)

    def _more(self, pieces: list[NDArray], events: int, dtype: DTypeLike = np.int64) -> NDArray:
        """Return room for so many events more, which is one of the pieces already."""
        new = self.room.empty(events, dtype)
        pieces.append(new)
        return new

    def _whole(self, pieces: list[NDArray], dtype: DTypeLike = np.int64) -> NDArray:
        """Return pieces as one array and let go of them: there may be millions of events, and room for them once."""
        whole = self.room.empty(sum(map(len, pieces)), dtype)
        np.concatenate(pieces, out=whole, casting="same_kind")
        pieces.clear()
        return whole

    def _sorted(self, values: NDArray, order: Places) -> NDArray:
        return frozen(self.room.take(values, order))


def _blocks(ends: Places) -> Iterator[slice]:
    """Yield entities a stretch at a time, by where the events of each end: about a block of events, or one entity."""
    events = int(ends[-1]) if len(ends) else 0
    cuts = np.unique(np.searchsorted(ends, np.arange(0, events, _BLOCK), side="right"))
    for first, last in pairwise([*cuts.tolist(), len(ends)]):
        yield slice(first, last)


def origins(source: int, places: Places) -> Places:
    """Return where events lie, from the number of a source and their places there."""
    return places + (source << _BITS)


def spans(begins: Places, sizes: Places) -> Places:
    """Return the places of stretches, one stretch after the other."""
    ends = np.cumsum(sizes)
    return np.repeat(begins - ends + sizes, sizes) + np.arange(int(ends[-1]) if len(ends) else 0)


def widened(shards: Sequence[Shard], values: Mapping[str, Values]) -> tuple[Shard, ...]:
    """Return the shards of the base with every column that there is now."""
    lacking = {name: one for name, one in values.items() if one.fill is not None}
    if not lacking:
        return tuple(shards)
    traits = {name: one for name, one in lacking.items() if one.info.kind in TRAIT_KINDS}
    return tuple(
        shard.with_columns(
            columns=Widened(shard.columns, shard.events, lacking),
            traits=Widened(shard.traits, shard.entities, traits),
        )
        for shard in shards
    )
