"""Judges events by their ids: which are new, which an import holds, and which repeat and say something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.kernels.rows.fingerprints import first_of_each, number_twins
from pathworth.store.arrivals.blocks import one
from pathworth.store.arrivals.contracts import ReadEvents
from pathworth.store.arrivals.held import HeldIds
from pathworth.store.fingerprints import Run, known, twin_words
from pathworth.store.payload import said, salt
from pathworth.store.texts import join_digests, split_digests


@dataclass(frozen=True)
class Judged:
    """What is to be done with each event that was read, one element each.

    Parameters
    ----------
    new, aside
        bool[n]: those that nobody has said before, and those that an import holds and no waiting event.
    conflicting
        bool[n]: repeats that say something else.
    digest
        Final ids.
    content
        int64[n]: hash of all that each says, 0 where that is its id.
    """

    new: NDArray[np.bool_]
    aside: NDArray[np.bool_]
    conflicting: NDArray[np.bool_]
    digest: pa.Array
    content: NDArray[np.int64]


def judged(read: ReadEvents, *, runs: Sequence[Run], held: HeldIds) -> Judged:
    """Judge events by their ids: the first of each id that no waiting event has is kept."""
    high, low, content = _ids(read)
    within = np.zeros(len(high), np.uint8)
    order = np.lexsort((low, high)).astype(np.int64)
    first_of_each(order, high, low, content, within)
    ids = (high, low, content)
    imported, waits = known(runs, ids), held.judge(ids)
    kept = (within == 0) & (waits == 0)
    differs = (waits == 2) | ((waits == 0) & (within == 2))
    return Judged(
        new=kept & (imported == 0),
        aside=kept & (imported > 0),
        conflicting=(imported == 2) | ((imported == 0) & ~kept & differs),
        digest=join_digests(high, low),
        content=content.view(np.int64),
    )


def _ids(read: ReadEvents) -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the final ids of events; identical ones of a batch without an id are numbered, as those of a file are."""
    events = read.events
    if not len(events):
        none = np.zeros(0, dtype=np.uint64)
        return none, none, none
    high, low = split_digests(one(events, "digest").cast(pa.binary(16)))
    sources = one(events, "source").dictionary_encode()
    salts = np.array([salt(source) for source in sources.dictionary.to_pylist()], np.uint64)
    salted = salts[sources.indices.to_numpy()]
    high, low = high ^ salted[:, 0], low ^ salted[:, 1]
    content = said(events.drop_columns(["source"]))
    hashed = np.flatnonzero(read.hashed)
    content[hashed] = 0
    own, batch = (high[hashed], low[hashed]), read.batch[hashed]
    # Counted batch by batch, since a batch that comes again is a repeat; within one identical events are real.
    order = np.lexsort((own[1], own[0])).astype(np.int64)
    ordinal = np.zeros(len(hashed), dtype=np.int32)
    spare = np.zeros(len(hashed), np.uint8)
    number_twins(order, *own, batch.astype(np.int32), ordinal, spare)
    high[hashed], low[hashed] = twin_words(*own, ordinal=ordinal)
    return high, low, content
