"""Which entity each event belongs to: its own, or the one that its person named last before it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.base.errors import NotSupported
from pathworth.kernels.select import known_so_far
from pathworth.store.aside.blocks import one
from pathworth.store.contracts import Shard
from pathworth.store.entities.contracts import Belonging
from pathworth.store.shards.columns import ROOM_VARIABLE, dictionary_room
from pathworth.store.shards.dictionaries import Dictionary
from pathworth.store.texts import encoded


class Members:
    """The entity of every event, by the event's number.

    The lake has the texts and no order, the shards of people have the order: what is known of each event meets in a
    file of 4 bytes an event, which memory only borrows. Memory grows with the ids of entities alone.

    Parameters
    ----------
    file
        Where that file lies; it is made anew.
    seq
        The last number.
    """

    def __init__(self, file: Path, seq: int) -> None:
        self.seq = seq
        self._ids = Dictionary()
        self._whose = np.memmap(file, np.uint32, "w+", shape=(seq + 1,))

    def take(self, part: pa.Table, column: str) -> None:
        """Note whom events name themselves.

        Parameters
        ----------
        part
            Rows of the lake: ``seq`` and the column.
        """
        seq = part["seq"].to_numpy()
        texts, which = encoded(one(part[column]))
        code = np.zeros(len(texts) + 1, np.uint32)
        code[:-1] = self._ids.codes(texts) + 1
        # An empty text names nobody.
        code[:-1][pc.equal(texts, "").to_numpy(zero_copy_only=False)] = 0
        inside = seq <= self.seq
        self._whose[seq[inside]] = code[which[inside]]
        if self._ids.size > dictionary_room():
            raise _too_many(column)

    def settle(self, shard: Shard, hidden: NDArray[np.uint8]) -> Belonging:
        """Let events of a shard of people that name nobody belong to whom their person named last, and count.

        Parameters
        ----------
        shard
            Everything of its people that was taken.
        hidden
            uint8[n_entity]: 1 for people whose events belong to nobody; an empty array where there are none.
        """
        seq = shard.seq
        whose = latest(shard.offset, self._whose[seq])
        shown = np.ones(shard.entities, np.bool_) if not hidden.size else hidden == 0
        found = belonging(shard.offset, whose, shown=shown)
        self._whose[seq] = np.where(np.repeat(shown, np.diff(shard.offset)), whose, 0)
        return found

    def rows_of(self, part: pa.Table) -> pa.Table:
        """Return the rows of a part of the lake that belong to an entity, as events of that one."""
        seq = part["seq"].to_numpy()
        whose = np.zeros(len(part), np.uint32)
        inside = seq <= self.seq
        whose[inside] = self._whose[seq[inside]]
        held = whose != 0
        rows = part if held.all() else part.filter(pa.array(held))
        codes, which = np.unique(whose[held], return_inverse=True)
        ids = self._ids.values().take(pa.array(codes.astype(np.int64) - 1))
        entity = pa.DictionaryArray.from_arrays(pa.array(which.astype(np.int32)), ids)
        return rows.set_column(rows.schema.get_field_index("entity"), "entity", entity)


def latest(offset: NDArray[np.int64], own: NDArray) -> NDArray:
    """Return the own code of each event or, where that is 0, the latest of its person before it; 0 for none."""
    at = np.empty(len(own), np.int64)
    known_so_far(offset, (own != 0).view(np.uint8), at)
    found: NDArray = np.where(at >= 0, own[np.maximum(at, 0)], 0).astype(own.dtype)
    return found


def belonging(offset: NDArray[np.int64], whose: NDArray, *, shown: NDArray[np.bool_]) -> Belonging:
    """Count whose events are.

    Parameters
    ----------
    offset
        int64[n + 1]: where the events of each person begin.
    whose
        [n_event]: what ``latest`` returned.
    shown
        bool[n]: which people count.
    """
    counts = np.repeat(shown, np.diff(offset))
    events = int(np.count_nonzero(whose[counts]))
    # Whoever named an entity once has named one by their last event.
    never = whose[offset[1:] - 1] == 0
    all_shown = int(np.count_nonzero(counts))
    return Belonging(
        events,
        all_shown - events,
        int(np.count_nonzero(never & shown)),
        len(whose) - all_shown,
    )


def _too_many(column: str) -> NotSupported:
    mib = dictionary_room() >> 20
    return NotSupported(
        "COLUMN_TOO_LARGE",
        f"{column!r} has so many different values that a table of them passes {mib:,} MiB of memory.",
        f"Where the memory is there, allow more with {ROOM_VARIABLE}={4 * mib}.",
    )
