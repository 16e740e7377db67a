"""Under which raw id each event was said: read back from the lake, and from what waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from sqlalchemy import select

from pathworth.store.arrivals import blocks
from pathworth.store.aside.blocks import one
from pathworth.store.lake import Lake
from pathworth.store.records.data.arrivals import WAITS, BlockRow
from pathworth.store.records.database import Database
from pathworth.store.shared import footer, present
from pathworth.store.texts import group_of, hash64

_Said = tuple[NDArray[np.int64], pa.Array]


def raw_ids(
    folder: Path, database: Database, *, seqs: NDArray[np.int64], ids: pa.Array
) -> pa.Array | None:
    """Return the raw id under which each of some events was said; null when one of them is nowhere any more.

    Parameters
    ----------
    folder
        The lake's.
    database
        Where the events lie that the lake lacks.
    seqs
        int64[n]: their numbers, ascending.
    ids
        The raw ids that come into question; only their zones are read.
    """
    place = np.full(len(seqs), -1, np.int64)
    found: list[pa.Array] = []
    count = 0
    # What waits is read first: an event that enters the lake meanwhile is then in both.
    for own, texts in (*_waiting(database, seqs), *_in_lake(folder, seqs, ids)):
        at = np.searchsorted(seqs, own)
        place[at] = count + np.arange(len(own))
        found.append(texts)
        count += len(own)
    if len(seqs) and place.min() < 0:
        return None
    every = pa.concat_arrays([pa.array([], pa.large_string()), *found])
    return every.take(pa.array(place))


def _chosen(seq: NDArray[np.int64], entity: pa.Array, seqs: NDArray[np.int64]) -> _Said:
    at = np.minimum(np.searchsorted(seqs, seq), len(seqs) - 1)
    mine = np.flatnonzero(seqs[at] == seq)
    return seq[mine], entity.take(pa.array(mine)).cast(pa.large_string())


def _waiting(database: Database, seqs: NDArray[np.int64]) -> Iterator[_Said]:
    if not len(seqs):
        return
    asked = select(BlockRow.body).where(*WAITS, BlockRow.last_seq >= int(seqs[0]))
    with database.session() as session:
        for body in session.scalars(asked):
            events = blocks.unpacked(body)
            yield _chosen(events["seq"].to_numpy(), blocks.one(events, "entity"), seqs)


def _in_lake(folder: Path, seqs: NDArray[np.int64], ids: pa.Array) -> Iterator[_Said]:
    """Yield events of the zones of some ids; row groups without one of the numbers are passed over."""
    if not len(seqs):
        return
    zones = {"new", *(f"{zone:02d}" for zone in np.unique(group_of(hash64(ids))).tolist())}
    for file in Lake(folder).files():
        if file.path.split("/")[0].removeprefix("zone=") not in zones:
            continue
        path = folder / file.path
        groups = list(_groups(footer(path), seqs))
        if groups:
            with pq.ParquetFile(present(path)) as held:
                for group in groups:
                    rows = held.read_row_group(group, columns=["seq", "entity"])
                    yield _chosen(rows["seq"].to_numpy(), one(rows["entity"]), seqs)


def _groups(held: pq.FileMetaData, seqs: NDArray[np.int64]) -> Iterator[int]:
    """Yield the row groups of a file that may hold one of some numbers."""
    which = held.schema.names.index("seq")
    for group in range(held.num_row_groups):
        span = held.row_group(group).column(which).statistics
        first, last = np.searchsorted(seqs, [span.min, span.max + 1])
        if first < last:
            yield group
