"""The limit: reading the columns of a question once, one value after the other, and doing nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.journeys import Part
from pathworth.kernels.compile import kernel, read_only

_WIDTHS = (types.uint8, types.uint16, types.uint32, types.int64)


@kernel(*(types.int64(read_only(width), types.int64, types.int64) for width in _WIDTHS))
def one_by_one(column: NDArray, first: int, last: int) -> np.int64:
    """Add a column up, one value after the other, as a fold over journeys has to read it."""
    total = np.int64(0)
    for i in range(first, last):  # a signed place, which numba does not turn into vectors
        total += np.int64(column[i])
    return total


@kernel(*(types.int64(read_only(width), types.int64, types.int64) for width in _WIDTHS))
def at_once(column: NDArray, first: int, last: int) -> np.int64:
    """Add a column up in vectors, as fast as memory gives it: no fold over journeys can."""
    total = np.int64(0)
    for i in range(np.uint64(first), np.uint64(last)):
        total += np.int64(column[i])
    return total


_HOW = {"one by one": one_by_one, "at once": at_once}


@dataclass(frozen=True)
class Stream:
    """A fold that reads where journeys begin, and columns: ``name``, ``time_us`` or a property."""

    columns: tuple[str, ...]
    how: Literal["one by one", "at once"] = "one by one"

    def fold(self, part: Part) -> int:
        """Add up the columns of a part."""
        read, offset, shard = _HOW[self.how], part.offset, part.shard
        first, last = int(offset[0]), int(offset[-1])
        known = {"name": shard.name, "time_us": shard.time_us}
        total = int(read(offset, 0, len(offset)))
        for column in self.columns:
            total += int(
                read(known[column] if column in known else shard.columns[column], first, last)
            )
        return total

    def merge(self, left: int, right: int) -> int:
        """Add two sums."""
        return left + right
