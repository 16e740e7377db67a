"""Room for large arrays in files that have no name, which wait on the disk while others need the memory."""

from __future__ import annotations

import mmap
import os
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike, NDArray

LEAST_BYTES = 1 << 20
"""Smaller arrays are not worth a file."""


class Room:
    """Makes arrays that the operating system may put aside, as it may the shards.

    A file goes with its array, mostly before any of it was written. Where there is no disk for one, its array lies in
    memory as any other.

    Parameters
    ----------
    folder
        Where the files lie; null for memory.
    least
        Bytes from which on an array gets a file.
    """

    def __init__(self, folder: Path | None = None, *, least: int = LEAST_BYTES) -> None:
        self._folder, self._least = folder, least

    def empty(self, size: int, dtype: DTypeLike) -> NDArray:
        """Return an array of so many elements that nobody has set yet."""
        nbytes = size * np.dtype(dtype).itemsize
        if self._folder is not None and nbytes >= self._least:
            try:
                return np.frombuffer(_mapped(self._folder, nbytes), dtype, count=size)
            except OSError:
                pass
        return np.empty(size, dtype)

    def take(self, values: NDArray, places: NDArray[np.int64]) -> NDArray:
        """Return some elements of an array."""
        out = self.empty(len(places), values.dtype)
        # Places are known to be there; to look at each of them again would go through a copy.
        return np.take(values, places, out=out, mode="clip") if len(places) else out


def _mapped(folder: Path, nbytes: int) -> mmap.mmap:
    with tempfile.TemporaryFile(dir=folder) as file:
        # All of it now: a disk that is full later would end the process, as it does whoever writes to a hole.
        os.posix_fallocate(file.fileno(), 0, nbytes)
        return mmap.mmap(file.fileno(), nbytes)
