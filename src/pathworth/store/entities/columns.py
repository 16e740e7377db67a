"""Columns of an entity's shards that are made when they are first asked for: an event's number says where it lies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.store.contracts import Shard
from pathworth.store.shards.on_use import ColumnMaker
from pathworth.store.shards.snapshots import Manifest


@dataclass(frozen=True, kw_only=True)
class EntityColumns(ColumnMaker):
    """Makes columns of the shard set of an entity.

    Parameters
    ----------
    folder
        Where the set lies.
    since
        The snapshot since which the lake has lost no event, when the set was made.
    """

    folder: Path
    since: str

    @property
    def home(self) -> Path:
        """Return the folder of the shards."""
        return self.folder

    @property
    def built(self) -> Path:
        """Return the folder of the columns that lie beside them."""
        return self.folder / "columns"

    def stands(self, tip: Manifest) -> bool:
        """Return whether the lake of a moment holds what the shards were made of: nothing went since."""
        return tip.since == self.since

    def spread(
        self, parts: Iterable[pa.Table], shards: Sequence[Shard]
    ) -> Iterator[tuple[pa.Table, NDArray]]:
        """Yield the rows that the shards hold, and the shard of each, in a file of 2 bytes an event."""
        lies = np.memmap(self.scratch / "lies", np.uint16, "w+", shape=(self.manifest.seq + 1,))
        for number, shard in enumerate(shards):
            lies[shard.seq] = number + 1
        for part in parts:
            seq = part["seq"].to_numpy()
            where = np.zeros(len(part), np.uint16)
            inside = seq <= self.manifest.seq
            where[inside] = lies[seq[inside]]
            held = where != 0
            yield part.filter(pa.array(held)), where[held] - 1
