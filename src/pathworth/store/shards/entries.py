"""What a manifest says of a shard: its file, and where each column lies in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Block:
    """Where a column lies in its shard's file: numpy type, first byte, elements."""

    dtype: str
    at: int
    count: int

    @property
    def span(self) -> range:
        """Return the bytes of the file that it takes."""
        return range(self.at, self.at + np.dtype(self.dtype).itemsize * self.count)


@dataclass(frozen=True)
class ShardEntry:
    """A shard's file, its size in bytes and what it holds."""

    file: str
    size: int
    blocks: dict[str, Block]
