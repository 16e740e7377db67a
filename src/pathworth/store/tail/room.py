"""Room for arrays in files that have no name, which wait on the disk while others need the memory."""

from __future__ import annotations

import mmap
import os
import tempfile
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import DTypeLike, NDArray

LEAST_BYTES = 64 << 10
"""Smaller arrays lie in memory."""
ALONE_BYTES = 4 << 20
"""From so many on an array has a file of its own; others share one, since to make one takes longer than to fill it."""
SHARED_BYTES = 16 << 20
_LINE = 64
"""Arrays begin at a multiple of so many bytes, as a processor reads them."""


class Room:
    """Makes arrays that the operating system may put aside, as it may the shards.

    A file goes with the last of its arrays, mostly before any of it was written. Where there is no disk for one, its
    arrays lie in memory as any others.

    Parameters
    ----------
    folder
        Where the files lie; null for memory.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder, self._lock = folder, Lock()
        self._shared: mmap.mmap | None = None
        self._used = 0

    def empty(self, size: int, dtype: DTypeLike) -> NDArray:
        """Return an array of so many elements that nobody has set yet."""
        nbytes = size * np.dtype(dtype).itemsize
        if self._folder is not None and nbytes >= LEAST_BYTES:
            try:
                held, at = self._place(self._folder, nbytes)
                return np.frombuffer(held, dtype, count=size, offset=at)
            except OSError:
                pass
        return np.empty(size, dtype)

    def take(self, values: NDArray, places: NDArray[np.int64]) -> NDArray:
        """Return some elements of an array."""
        out = self.empty(len(places), values.dtype)
        # Places are known to be there; to look at each of them again would go through a copy.
        return np.take(values, places, out=out, mode="clip") if len(places) else out

    def keep(self, values: NDArray) -> NDArray:
        """Return an array that was made elsewhere and stays for long."""
        if self._folder is None or values.nbytes < LEAST_BYTES:
            return values
        out = self.empty(len(values), values.dtype)
        out[:] = values
        return out

    def _place(self, folder: Path, nbytes: int) -> tuple[mmap.mmap, int]:
        """Return a file's map and where in it there is room."""
        if nbytes >= ALONE_BYTES:
            return _mapped(folder, nbytes), 0
        with self._lock:
            if self._shared is None or self._used + nbytes > SHARED_BYTES:
                self._shared, self._used = None, 0
                self._shared = _mapped(folder, SHARED_BYTES)
            at = self._used
            self._used = -(-(at + nbytes) // _LINE) * _LINE
            return self._shared, at


def _mapped(folder: Path, nbytes: int) -> mmap.mmap:
    with tempfile.TemporaryFile(dir=folder) as file:
        # All of it now: a disk that is full later would end the process, as it does whoever writes to a hole.
        os.posix_fallocate(file.fileno(), 0, nbytes)
        return mmap.mmap(file.fileno(), nbytes)
