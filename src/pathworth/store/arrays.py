"""Journeys laid out from plain arrays: the one way in which shards are made, in memory and on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import DTypeLike, NDArray

from pathworth.kernels.rows.layout import (
    count_events,
    last_filled,
    place_events,
    rank_ids,
    sort_within,
)
from pathworth.store.contracts import GROUPS, ColumnInfo, Shard, Snapshot
from pathworth.store.texts import hash64, text_buffers

Empty = Callable[[int, DTypeLike], NDArray]
"""Makes an array of so many elements that nobody has set yet."""
MONEY = ("value", "cost")
NO_TIME = np.iinfo(np.int64).min
TRAIT_KINDS = ("text", "number", "flag")


@dataclass(frozen=True)
class EventArrays:
    """Events in any order, one element each.

    Parameters
    ----------
    entity
        int[n]: place of the entity in the list of ids.
    name
        int[n]: code of the event's name.
    time_us
        int64[n]: microseconds since 1970 UTC.
    seq
        int64[n]: number of the event; null numbers them as they come, from 1.
    columns
        Properties by name, [n] each, coded as ``ColumnInfo`` says.
    """

    entity: NDArray
    name: NDArray
    time_us: NDArray[np.int64]
    seq: NDArray[np.int64] | None = None
    columns: Mapping[str, NDArray] = field(default_factory=dict)


@dataclass(frozen=True)
class Entities:
    """Distinct entities by (shard, hash, id), and where each id that was given stands among them.

    ``rank`` is int32[n_given], ``first`` int64[n] one place of each distinct id in what was given.
    """

    rank: NDArray[np.int32]
    first: NDArray[np.int64]
    hashes: NDArray[np.uint64]
    id_offset: NDArray[np.int64]
    id_bytes: NDArray[np.uint8]


def shard_of(hashes: NDArray[np.uint64], shards: int) -> NDArray[np.int64]:
    """Return the shard of each hash: the bits after the top 6, as many as the power of two needs."""
    bits = shards.bit_length() - 1
    if bits == 0:
        return np.zeros(len(hashes), dtype=np.int64)
    return ((hashes >> np.uint64(58 - bits)) & np.uint64(shards - 1)).astype(np.int64)


def rank_entities(ids: pa.Array, hashes: NDArray[np.uint64], *, shards: int = 1) -> Entities:
    """Order ids by (shard, hash, id) and keep each once.

    Parameters
    ----------
    ids
        Raw ids as an Arrow string array; they may repeat.
    hashes
        uint64[n]: their hashes with seed 0.
    shards
        Number of shards, a power of two.
    """
    data, offset = text_buffers(ids)
    # Turned so that the shard's bits stand first: one sort then gives (shard, group, rest of the hash).
    bits = np.uint64(shards.bit_length() - 1)
    keys = hashes
    if bits:
        low = hashes & ((np.uint64(1) << (np.uint64(58) - bits)) - np.uint64(1))
        group = (hashes >> np.uint64(58)) << (np.uint64(58) - bits)
        keys = (shard_of(hashes, shards).astype(np.uint64) << (np.uint64(64) - bits)) | group | low
    order = np.argsort(keys, kind="stable")
    rank = np.empty(len(keys), dtype=np.int32)
    distinct = rank_ids(keys, data, offset, order, rank)
    first = np.empty(distinct, dtype=np.int64)
    first[rank[order[::-1]]] = order[::-1]
    return Entities(rank, first, hashes[first], *_gather_texts(data, offset, first))


def _gather_texts(
    data: NDArray[np.uint8], offset: NDArray[np.int64], places: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return the chosen texts one after the other, and where each begins."""
    texts = pa.LargeStringArray.from_buffers(
        len(offset) - 1, pa.py_buffer(np.ascontiguousarray(offset)), pa.py_buffer(data)
    ).take(pa.array(places))
    held, begins = text_buffers(texts)
    begins = begins - begins[0]
    return begins, np.array(held[: begins[-1]])


def lay_out(
    rank: NDArray[np.int32],
    entities: int,
    *,
    time_us: NDArray[np.int64],
    seq: NDArray[np.int64],
    empty: Empty = np.empty,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return int64[entities + 1] of where journeys begin, and int64[n] of events by (entity, time, seq).

    What is as long as the events lies in arrays that ``empty`` makes.
    """
    offset = np.zeros(entities + 1, dtype=np.int64)
    count_events(rank, offset[1:])
    np.cumsum(offset[1:], out=offset[1:])
    order = empty(len(rank), np.int64)
    place_events(rank, offset[:-1].copy(), order)
    sort_within(offset, time_us, seq, order, empty(len(rank), np.int64))
    return offset, order


def filled(values: NDArray, kind: str) -> NDArray[np.uint8]:
    """Return uint8[n]: 1 where a column of that kind holds a value."""
    if kind == "text":
        held: NDArray[np.bool_] = values != 0
    elif kind == "number":
        held = ~np.isnan(values)
    else:
        held = values != 2
    return held.view(np.uint8)


def last_values(offset: NDArray[np.int64], values: NDArray, *, kind: str) -> NDArray:
    """Return the last value of each entity that is not null, coded as its column; events in journey order."""
    place = np.empty(len(offset) - 1, dtype=np.int64)
    last_filled(offset, filled(values, kind), place)
    null = {"text": 0, "number": np.nan, "flag": 2}[kind]
    out = np.full(len(place), null, dtype=values.dtype)
    has = place >= 0
    out[has] = values[place[has]]
    return out


def group_starts(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return int64[65]: where each group begins among hashes in order."""
    edges = np.arange(1, GROUPS, dtype=np.uint64) << np.uint64(58)
    inner = np.searchsorted(hashes, edges)
    return np.concatenate([[0], inner, [len(hashes)]]).astype(np.int64)


def code_type(distinct: int) -> type[np.uint16] | type[np.uint32]:
    """Return the narrower unsigned type that holds codes up to ``distinct``."""
    return np.uint16 if distinct <= 65_535 else np.uint32


def seq_type(last: int) -> type[np.uint32] | type[np.int64]:
    """Return the narrower type that holds numbers of events up to the last."""
    return np.uint32 if last < 2**32 else np.int64


def frozen(array: NDArray) -> NDArray:
    """Return the array, no longer writable."""
    array.flags.writeable = False
    return array


def snapshot_from_arrays(
    ids: Sequence[str] | pa.Array,
    events: EventArrays,
    *,
    names: Sequence[str],
    infos: Mapping[str, ColumnInfo] | None = None,
    shards: int = 1,
    timezone: str = "UTC",
    currency: str = "EUR",
    snapshot_id: str = "memory",
) -> Snapshot:
    """Lay arrays out as a snapshot in memory, the same as an import of the same events would give.

    Parameters
    ----------
    ids
        Raw id of each entity, distinct; an id without events is no entity.
    events
        The events; ``value`` and ``cost`` are int64 micro-units and 0 when they are not given.
    names
        Event names by code.
    infos
        What each column but ``value`` and ``cost`` holds.
    shards
        Number of shards, a power of two; changes no answer.
    """
    texts, entity = _seen(ids, events.entity)
    entities = rank_entities(texts, hash64(texts), shards=shards)
    time_us = events.time_us.astype(np.int64, copy=False)
    seq = np.arange(1, len(time_us) + 1) if events.seq is None else events.seq
    rank = entities.rank[entity]
    offset, order = lay_out(rank, len(entities.hashes), time_us=time_us, seq=seq)
    money = {name: ColumnInfo("money") for name in MONEY}
    known = {**money, **dict(infos or {})}
    zeros = np.zeros(len(time_us), dtype=np.int64)
    columns = {
        name: _coded(events.columns.get(name, zeros), info)[order] for name, info in known.items()
    }
    traits = {
        name: last_values(offset, columns[name], kind=info.kind)
        for name, info in known.items()
        if info.kind in TRAIT_KINDS
    }
    whole = {
        "name": events.name[order].astype(code_type(len(names)), copy=False),
        "time_us": time_us[order],
        "seq": seq[order],
    }
    cut = _Cut(entities, offset, whole, columns, traits)
    edges = np.searchsorted(shard_of(entities.hashes, shards), np.arange(shards + 1))
    return Snapshot(
        id=snapshot_id,
        seq=int(seq.max(initial=0)),
        shards=tuple(cut.shard(int(a), int(b)) for a, b in pairwise(edges)),
        names=tuple(names),
        columns=known,
        traits={name: known[name] for name in traits},
        first_us=int(time_us.min()) if len(time_us) else 0,
        last_us=int(time_us.max()) if len(time_us) else 0,
        timezone=timezone,
        currency=currency,
    )


def empty_snapshot(timezone: str, currency: str) -> Snapshot:
    """Return the snapshot of a workspace into which nothing has come yet."""
    nothing = np.zeros(0, dtype=np.int64)
    return snapshot_from_arrays(
        [],
        EventArrays(nothing, nothing, nothing),
        names=(),
        timezone=timezone,
        currency=currency,
        snapshot_id="empty",
    )


def _seen(ids: Sequence[str] | pa.Array, entity: NDArray) -> tuple[pa.Array, NDArray]:
    """Return the ids that have events, and each event's place among them."""
    texts = ids if isinstance(ids, pa.Array) else pa.array(ids, pa.large_string())
    has = np.bincount(entity, minlength=len(texts)) > 0
    if has.all():
        return texts, entity
    return texts.filter(pa.array(has)), (np.cumsum(has) - 1)[entity]


def _coded(values: NDArray, info: ColumnInfo) -> NDArray:
    """Return a column in the one type that its kind has everywhere."""
    types = {"number": np.float64, "money": np.int64, "flag": np.uint8, "time": np.int64}
    return values.astype(types.get(info.kind) or code_type(len(info.values)), copy=False)


@dataclass(frozen=True)
class _Cut:
    """All entities in order, to be cut into shards."""

    entities: Entities
    offset: NDArray[np.int64]
    whole: Mapping[str, NDArray]
    columns: Mapping[str, NDArray]
    traits: Mapping[str, NDArray]

    def shard(self, first: int, last: int) -> Shard:
        """Return the shard of the entities from ``first`` up to ``last``."""
        at, to = self.offset[first], self.offset[last]
        letters = self.entities.id_offset[first : last + 1]
        return Shard(
            group_start=group_starts(self.entities.hashes[first:last]),
            offset=frozen(self.offset[first : last + 1] - at),
            name=frozen(self.whole["name"][at:to]),
            time_us=frozen(self.whole["time_us"][at:to]),
            seq=frozen(self.whole["seq"][at:to]),
            columns={name: frozen(held[at:to]) for name, held in self.columns.items()},
            traits={name: frozen(held[first:last]) for name, held in self.traits.items()},
            id_offset=letters - letters[0],
            id_bytes=self.entities.id_bytes[letters[0] : letters[-1]],
        )
