"""What goes to a task: arrays of shards as places in their files, everything else as it is."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyspark import cloudpickle

from pathworth.store import FileMap, Snapshot, find, map_file

Found = Callable[[Path], str]
"""Returns where every machine finds a file of this one; see ``store.find``."""
_EVEN_FROM = 4_096
"""Arrays of so many bytes are looked at whether they hold one value only."""


@dataclass(frozen=True)
class InFile:
    """An array that lies in a file: where, and as what."""

    found: str
    at: int
    dtype: str
    size: int

    def open(self) -> NDArray:
        """Return the array, seen in the file's memory map."""
        return np.frombuffer(_map_of(self.found), self.dtype, self.size, self.at)


@dataclass(frozen=True)
class Even:
    """An array that holds the same value everywhere."""

    value: bytes
    dtype: str
    size: int

    def open(self) -> NDArray:
        """Return the array."""
        return np.full(self.size, np.frombuffer(self.value, self.dtype)[0])


@dataclass(frozen=True)
class Asked:
    """The snapshot that is asked, which a question need not bring along."""


def dumps(value: object, found: Found = str, *, asked: Snapshot | None = None) -> bytes:
    """Return a value as bytes; of the arrays in it that lie in files only the places are written.

    Parameters
    ----------
    value
        Anything.
    found
        Says where others find a file.
    asked
        A snapshot that whoever reads the bytes has already; null for none.
    """
    out = io.BytesIO()
    _Writer(out, found, asked).dump(value)
    return out.getvalue()


def loads(data: bytes, asked: Snapshot | None = None) -> Any:
    """Return the value of bytes, with its arrays opened where they lie."""
    return _Reader(io.BytesIO(data), asked).load()


class _Writer(cloudpickle.CloudPickler):  # type: ignore[misc]  # nothing is known of its types
    def __init__(self, out: io.BytesIO, found: Found, asked: Snapshot | None) -> None:
        super().__init__(out)
        self._found, self._asked = found, asked

    def persistent_id(self, value: object) -> InFile | Even | Asked | None:
        """Return what stands for an array or a snapshot; null for whatever is written as it is."""
        if isinstance(value, Snapshot) and self._asked is not None:
            if (value.id, value.seq) != (self._asked.id, self._asked.seq):
                raise TypeError("a question speaks of another snapshot than is asked")
            return Asked()
        if not isinstance(value, np.ndarray) or value.ndim != 1 or value.dtype.hasobject:
            return None
        return in_file(value, self._found) or even(value)


class _Reader(pickle.Unpickler):
    def __init__(self, data: io.BytesIO, asked: Snapshot | None) -> None:
        super().__init__(data)
        self._asked = asked

    def persistent_load(self, place: InFile | Even | Asked) -> NDArray | Snapshot | None:
        """Return the array or the snapshot that something stands for."""
        return self._asked if isinstance(place, Asked) else place.open()


def in_file(array: NDArray, found: Found) -> InFile | None:
    """Return where an array lies, when it is a stretch of a file that is mapped."""
    held = mapped_by(array)
    if held is None or not array.flags.c_contiguous:
        return None
    begin = np.frombuffer(held, np.uint8).__array_interface__["data"][0]
    at = array.__array_interface__["data"][0] - begin
    return InFile(found(held.path), at, array.dtype.str, len(array))


def even(array: NDArray) -> Even | None:
    """Return an array as its one value, where it has no other."""
    if array.nbytes < _EVEN_FROM:
        return None
    held = np.ascontiguousarray(array).view(np.uint8).reshape(len(array), -1)
    one = held[0].tobytes()
    same = array.strides == (0,) or bool((held == held[0]).all())
    return Even(one, array.dtype.str, len(array)) if same else None


def mapped_by(array: NDArray) -> FileMap | None:
    """Return the map of a file that an array is a view of."""
    base: object = array
    while isinstance(base, np.ndarray):
        base = base.base
    held = base.obj if isinstance(base, memoryview) else base
    return held if isinstance(held, FileMap) else None


@lru_cache(maxsize=4096)
def _map_of(found: str) -> FileMap:
    return map_file(find(found))
