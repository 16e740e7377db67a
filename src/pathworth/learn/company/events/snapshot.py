"""Lays a world's events out as journey shards, straight from arrays, for programs that grade estimators."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.learn.company.world import Events, World
from pathworth.store import GROUPS, ColumnInfo, Shard, Snapshot, group_of, hash64


def as_snapshot(world: World, shards: int = 1) -> Snapshot:
    """Return the world as a snapshot of the store.

    An event that was sent again is counted once, as an import would.

    Parameters
    ----------
    shards
        Over how many shards the entities are spread; any number gives the same answers.
    """
    return snapshot_of(
        world.events,
        ids=world.ids,
        names=world.names,
        id_=f"{world.rung_name}-{world.seed}",
        timezone=world.company.zone if world.rung.full else "UTC",
        currency=world.company.currency,
        shards=shards,
    )


def snapshot_of(
    events: Events,
    *,
    ids: NDArray[np.bytes_],
    names: Sequence[str],
    id_: str,
    timezone: str,
    currency: str,
    shards: int = 1,
) -> Snapshot:
    """Return events as a snapshot of the store; ``ids`` and ``names`` are what their places stand for."""
    hashes = hash64(pa.array(ids.astype(str), pa.large_string()))
    kept = _first_sent(events.message)
    seen = np.bincount(events.person[kept], minlength=len(ids)) > 0
    spread = (hashes >> np.uint64(26)).astype(np.int64) % shards
    used = np.bincount(events.name[kept], minlength=len(names)) > 0
    code = (np.cumsum(used) - 1).astype(np.uint16)
    columns = {name: ColumnInfo("text", column.values) for name, column in events.columns.items()}
    infos = {**columns, "value": ColumnInfo("money"), "cost": ColumnInfo("money")}
    parts = tuple(
        _shard(
            events,
            ids,
            kept=kept,
            people=np.flatnonzero(seen & (spread == k)),
            hashes=hashes,
            code=code,
        )
        for k in range(shards)
    )
    times = events.time_us[kept]
    return Snapshot(
        id=id_,
        seq=len(kept),
        shards=parts,
        names=tuple(name for name, there in zip(names, used, strict=True) if there),
        columns=infos,
        traits=columns,
        first_us=int(times.min()) if len(times) else 0,
        last_us=int(times.max()) if len(times) else 0,
        timezone=timezone,
        currency=currency,
    )


def _first_sent(message: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places of the first event of each message, in order."""
    if len(message) and (np.diff(message) > 0).all():
        return np.arange(len(message))
    return np.sort(np.unique(message, return_index=True)[1])


def _shard(
    events: Events,
    ids: NDArray[np.bytes_],
    *,
    kept: NDArray[np.int64],
    people: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    code: NDArray[np.uint16],
) -> Shard:
    group = group_of(hashes[people])
    order = np.lexsort((hashes[people], group))
    people, group = people[order], group[order]
    rank = np.full(len(ids), -1)
    rank[people] = np.arange(len(people))
    entity = rank[events.person[kept]]
    mine = np.flatnonzero(entity >= 0)
    place = mine[np.lexsort((mine, events.time_us[kept][mine], entity[mine]))]
    entity, rows = entity[place], kept[place]
    offset = np.searchsorted(entity, np.arange(len(people) + 1)).astype(np.int64)
    columns: dict[str, NDArray] = {
        name: np.ascontiguousarray(column.codes[rows]) for name, column in events.columns.items()
    }
    traits = {name: _last(codes, offset) for name, codes in columns.items()}
    columns["value"] = events.value_micro[rows]
    columns["cost"] = events.cost_micro[rows]
    mine_ids = ids[people]
    width = mine_ids.dtype.itemsize
    return Shard(
        group_start=np.searchsorted(group, np.arange(GROUPS + 1)).astype(np.int64),
        offset=offset,
        name=code[events.name[rows]],
        time_us=events.time_us[rows],
        seq=place.astype(np.int64) + 1,
        columns=columns,
        traits=traits,
        id_offset=np.arange(len(mine_ids) + 1, dtype=np.int64) * width,
        id_bytes=np.frombuffer(mine_ids.tobytes(), dtype=np.uint8),
    )


def _last(codes: NDArray, offset: NDArray[np.int64]) -> NDArray:
    """Return each entity's last value that is not null."""
    if len(offset) == 1:
        return codes[:0]
    place = np.maximum.reduceat(np.where(codes > 0, np.arange(len(codes)), -1), offset[:-1])
    there = place >= offset[:-1]
    return np.where(there, codes[np.maximum(place, 0)], 0).astype(codes.dtype)
