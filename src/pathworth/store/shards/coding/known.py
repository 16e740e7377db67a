"""Entities of the rows that were read last, so that each id is set aside once and not with every part of rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.store.arrays import shard_of
from pathworth.store.shards.dictionaries import Dictionary
from pathworth.store.shards.spool import Sorted, by_part
from pathworth.store.texts import hash64, text_buffers

MOST = 1 << 21
"""With more entities than this all are forgotten; one that comes again is then set aside again."""


@dataclass(frozen=True)
class Found:
    """Where entities belong.

    Parameters
    ----------
    shard, place
        Of each id: its shard, and its place among all ids that were set aside for that shard.
    fresh
        ``id_hash`` and ``id_size`` of the ids that were not known, by shard and place.
    letters
        ``id_bytes`` of those ids, one behind the other.
    """

    shard: NDArray[np.uint16]
    place: NDArray[np.int32]
    fresh: Sorted
    letters: Sorted


class Known:
    """Remembers entities as parts of the lake come, which has all rows of a zone of an import together.

    Parameters
    ----------
    shards
        How many shards there are.
    """

    def __init__(self, shards: int) -> None:
        self._shards = shards
        self._held = np.zeros(shards, dtype=np.int64)
        self._codes = Dictionary()
        self._shard: NDArray[np.uint16] = np.zeros(0, dtype=np.uint16)
        self._place: NDArray[np.int32] = np.zeros(0, dtype=np.int32)

    def find(self, ids: pa.Array) -> Found:
        """Return where entities belong; those that are new get the next places of their shards."""
        if len(self._codes) > MOST:
            self._codes = Dictionary()
            self._shard, self._place = self._shard[:0], self._place[:0]
        before = len(self._codes)
        code = self._codes.codes(ids)
        fresh = self._codes.values(before)
        hashes = hash64(fresh)
        shard = shard_of(hashes, self._shards).astype(np.uint16)
        own = np.arange(len(hashes), dtype=np.int32)
        new = by_part(shard, self._shards, columns={"id_hash": hashes, "id": own})
        count = np.diff(new.edges)
        place = np.empty(len(hashes), dtype=np.int32)
        place[new.columns["id"]] = own + np.repeat(self._held - new.edges[:-1], count)
        self._held += count
        self._shard = np.concatenate([self._shard, shard])
        self._place = np.concatenate([self._place, place])
        data, offset = text_buffers(fresh.take(pa.array(new.columns["id"])))
        sizes = Sorted(new.edges, {"id_hash": new.columns["id_hash"], "id_size": np.diff(offset)})
        letters = Sorted(offset[new.edges] - offset[0], {"id_bytes": data[offset[0] : offset[-1]]})
        return Found(self._shard[code], self._place[code], sizes, letters)
