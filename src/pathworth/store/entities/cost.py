"""What the shard set of an entity would take, before it is built: counted, or from a sample of whole people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pathworth.store.arrays import NO_TIME
from pathworth.store.contracts import ColumnInfo, Snapshot
from pathworth.store.entities.contracts import Belonging, Declared, EntityCost
from pathworth.store.entities.members import belonging, latest

SAMPLE = 2_000_000
"""With more events than this the people of a part of them are counted, and the rest is like them."""
READ_A_SECOND, BUILT_A_SECOND = 4_000_000, 700_000
"""Events of people that are looked through, and events of entities that are laid out, in a second of two processors."""


def cost_of(snapshot: Snapshot, declared: Declared, *, folder: Path) -> EntityCost:
    """Return what the set of an entity would take.

    Parameters
    ----------
    snapshot
        The shards of people, with whoever is left out.
    folder
        Where those lie.
    """
    held = sum(shard.events for shard in snapshot.shards)
    info = _info(snapshot, declared.by)
    found, taken, ids = Belonging(), 0, set[int | float]()
    for offset, own, shown in _sample(snapshot, declared.by):
        codes = _codes(own, info)
        found += belonging(offset, latest(offset, codes), shown=shown)
        taken += len(own)
        ids.update(np.unique(own[(codes != 0) & np.repeat(shown, np.diff(offset))]).tolist())
    exact, scale = taken == held, held / max(taken, 1)
    entities = len(ids) if exact else _distinct(snapshot, declared.by, least=len(ids))
    events = round(found.events * scale)
    room = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    return EntityCost(
        name=declared.name,
        by=declared.by,
        entities=entities,
        events=events,
        without=round(found.without * scale),
        left_out=round(found.left_out * scale),
        bytes=round(room * events / max(held, 1)),
        seconds=1 + held // READ_A_SECOND + events // BUILT_A_SECOND,
        exact=exact,
    )


def _info(snapshot: Snapshot, name: str) -> ColumnInfo:
    """Return what a column holds; one that only came in since the shards were written holds nothing."""
    return snapshot.columns[name] if name in snapshot.columns else ColumnInfo("text")


def _sample(
    snapshot: Snapshot, name: str
) -> Iterator[tuple[NDArray[np.int64], NDArray, NDArray[np.bool_]]]:
    """Yield offsets, values and who counts, of whole people up to the sample's size."""
    left, there = SAMPLE, name in snapshot.columns
    for place, shard in enumerate(snapshot.shards):
        # People lie by the hash of their id, so that the first ones are like the others; one there is at least.
        fit = int(np.searchsorted(shard.offset, left, side="right")) - 1
        last = min(max(fit, int(place == 0)), shard.entities)
        end = int(shard.offset[last])
        yield (
            shard.offset[: last + 1],
            shard.columns[name][:end] if there else np.zeros(end, np.uint16),
            snapshot.shown(place)[:last],
        )
        left -= end
        if last < shard.entities:
            return


def _codes(values: NDArray, info: ColumnInfo) -> NDArray:
    """Return which events hold a value of their own, as codes that are 0 where they do not."""
    if info.kind == "text":
        return values
    if info.kind == "number":
        held: NDArray[np.bool_] = ~np.isnan(values)
    else:
        held = values != (2 if info.kind == "flag" else NO_TIME)
    return held.view(np.uint8)


def _distinct(snapshot: Snapshot, name: str, *, least: int) -> int:
    """Return about how many values a column holds: its dictionary's size, or those of each shard together."""
    info = _info(snapshot, name)
    if info.kind == "text":
        return max(len(info.values), least)
    ids = np.unique(np.concatenate([np.unique(one.columns[name]) for one in snapshot.shards]))
    return max(int(np.count_nonzero(_codes(ids, info))), least)
