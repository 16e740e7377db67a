"""Shards as whoever is being erased left them: where those people lie, nobody counts them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.store.contracts import Replaced, Shard, Snapshot
from pathworth.store.erasing.rows import pending
from pathworth.store.records.database import Database
from pathworth.store.shards.snapshots import name_of
from pathworth.store.texts import places_in


def masked(snapshot: Snapshot, database: Database) -> Snapshot:
    """Return a snapshot that stands on shards alone without whoever is being erased."""
    with database.session() as session:
        found = pending(session)
    if not found:
        return snapshot
    ids = [id_ for _, held in found for id_ in held]
    masks = [_mask(shard, ids, snapshot) for shard in snapshot.shards]
    events = sum(
        int(np.diff(shard.offset)[mask != 0].sum())
        for shard, mask in zip(snapshot.shards, masks, strict=True)
    )
    entities = sum(int(np.count_nonzero(mask)) for mask in masks)
    name = name_of(snapshot.home, snapshot.links, erased=found[-1][0])
    return replace(snapshot, id=name, replaced=Replaced(tuple(masks), entities, events))


def erased_in(snapshot: Snapshot) -> str:
    """Return what tells which erasures a snapshot masks; empty where none."""
    return snapshot.id.partition(".e")[2].partition(".")[0]


def _mask(shard: Shard, ids: Sequence[str], snapshot: Snapshot) -> NDArray[np.uint8]:
    held = pa.array(ids, pa.large_string())
    people = held if snapshot.persons is None else snapshot.persons.of(held)
    places = places_in(shard, people.unique())
    mask = np.zeros(shard.entities, np.uint8)
    mask[places[places >= 0]] = 1
    return mask
