"""Columns set aside on disk by part, so that what is sorted later never has to be in memory at once."""

from __future__ import annotations

import mmap
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.store.files import empty

OPEN = 256
"""So many files are open at a time; a part more closes the one that has been open for longest."""
_ZEROS = -1
_CODEC = pa.Codec("lz4_raw")


@dataclass(frozen=True)
class Packed:
    """An array that takes less room: the first bytes of all values, then the second ones, and so on, compressed."""

    data: bytes
    dtype: np.dtype
    count: int

    def __len__(self) -> int:
        return self.count

    def values(self) -> NDArray:
        """Return the array as it was."""
        return unpacked(memoryview(self.data), self.dtype, count=self.count)


def packed(values: NDArray) -> NDArray | Packed:
    """Return an array packed, or as it is when that takes less room; see ``unpacked``.

    Numbers that rise slowly, and small ones in wide types, differ in their low bytes only.
    """
    width = values.dtype.itemsize
    planes = np.ascontiguousarray(values).view(np.uint8).reshape(len(values), width).T
    data = _CODEC.compress(np.ascontiguousarray(planes), asbytes=True)
    return Packed(data, values.dtype, len(values)) if len(data) < values.nbytes else values


def unpacked(data: memoryview, dtype: np.dtype, *, count: int) -> NDArray:
    """Return the array of ``count`` values that was packed into these bytes."""
    planes = np.frombuffer(_CODEC.decompress(data, count * dtype.itemsize), np.uint8)
    return np.ascontiguousarray(planes.reshape(dtype.itemsize, count).T).view(dtype).ravel()


@dataclass
class _Appended:
    """Pieces of a column.

    Parameters
    ----------
    at
        The first byte of each; -1 for zeros, which take no room.
    count, kind
        Its length, and the number of its type among ``kinds``.
    packed
        The bytes of a piece that is packed; 0 for others.
    """

    at: array[int] = field(default_factory=lambda: array("q"))
    count: array[int] = field(default_factory=lambda: array("q"))
    kind: array[int] = field(default_factory=lambda: array("b"))
    packed: array[int] = field(default_factory=lambda: array("q"))
    kinds: list[np.dtype] = field(default_factory=list)

    def add(self, at: int, values: NDArray | Packed) -> None:
        """Note a piece."""
        if values.dtype not in self.kinds:
            self.kinds.append(values.dtype)
        self.at.append(at)
        self.count.append(len(values))
        self.kind.append(self.kinds.index(values.dtype))
        self.packed.append(len(values.data) if isinstance(values, Packed) else 0)

    def of(self, data: mmap.mmap | bytes) -> Iterator[NDArray]:
        """Yield the pieces, which lie in the bytes of a file."""
        view = memoryview(data)
        for at, count, number, size in zip(
            self.at, self.count, self.kind, self.packed, strict=True
        ):
            kind = self.kinds[number]
            if at == _ZEROS:
                yield np.zeros(count, kind)
            elif size:
                yield unpacked(view[at : at + size], kind, count=count)
            else:
                yield np.frombuffer(data, kind, count, at)


@dataclass(frozen=True)
class Sorted:
    """Rows sorted by part: ``columns`` [n] each, those of part p from ``edges[p]`` up to ``edges[p + 1]``."""

    edges: NDArray[np.int64]
    columns: Mapping[str, NDArray]

    def parts(self) -> Iterator[tuple[int, dict[str, NDArray]]]:
        """Yield each part that has rows, and its own rows of the columns."""
        for part in np.flatnonzero(np.diff(self.edges)).tolist():
            a, b = self.edges[part], self.edges[part + 1]
            yield part, {name: values[a:b] for name, values in self.columns.items()}


def by_part(part_of: NDArray, parts: int, *, columns: Mapping[str, NDArray]) -> Sorted:
    """Sort rows by the part that each belongs to, those of one part in the order in which they came.

    Parameters
    ----------
    part_of
        uint[n]: part of each row.
    parts
        How many parts there are.
    columns
        Arrays of n rows.
    """
    part = part_of.astype(np.uint8 if parts <= 256 else np.uint16)
    order = np.argsort(part, kind="stable")
    edges = np.zeros(parts + 1, dtype=np.int64)
    np.cumsum(np.bincount(part, minlength=parts), out=edges[1:])
    return Sorted(edges, {name: values[order] for name, values in columns.items()})


class Spool:
    """Append-only columns in one file per part; what is appended to a column is read back joined.

    Parameters
    ----------
    folder
        Where the files lie; made when it is not there.
    parts
        How many parts rows are spread over.
    """

    def __init__(self, folder: Path, parts: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.parts = folder, parts
        self._open: dict[int, FileIO] = {}
        self._ends: dict[int, int] = {}
        self._held: dict[tuple[int, str], _Appended] = {}
        self.unwanted: frozenset[int] = frozenset()
        """Parts of which nothing is kept."""

    def append(self, part: int, columns: Mapping[str, NDArray | Packed]) -> None:
        """Append arrays to columns of one part; they may differ in length and, over time, in type."""
        if part in self.unwanted:
            return
        out, end = self._file(part), self._ends.get(part, 0)
        for name, values in columns.items():
            if len(values):
                held = self._held.setdefault((part, name), _Appended())
                nothing = not isinstance(values, Packed) and empty(values)
                held.add(_ZEROS if nothing else end, values)
                if not nothing:
                    end += _write(out, values)
        self._ends[part] = end

    def take(self, rows: Sorted) -> None:
        """Append rows that were sorted by part."""
        for part, columns in rows.parts():
            self.append(part, columns)

    def spread(self, part_of: NDArray, columns: Mapping[str, NDArray]) -> None:
        """Append every row to the part that it belongs to, in the order in which rows come.

        Parameters
        ----------
        part_of
            uint[n]: part of each row.
        columns
            Arrays of n rows.
        """
        self.take(by_part(part_of, self.parts, columns=columns))

    def blocks(self, part: int, column: str) -> list[NDArray]:
        """Return what was appended to a column of a part, one array per append; unpacked, or in a map of the file."""
        held = self._held.get((part, column))
        return [] if held is None else [*held.of(self._map(part))]

    def read(self, part: int, column: str, *, dtype: type) -> NDArray:
        """Return one column of a part as one array of the given type."""
        blocks = self.blocks(part, column)
        out: NDArray = np.empty(sum(map(len, blocks)), dtype=dtype)
        at = 0
        for block in blocks:
            out[at : at + len(block)] = block
            at += len(block)
        return out

    def drop(self, part: int) -> None:
        """Give back the disk that a part holds."""
        if part in self._open:
            self._open.pop(part).close()
        if self._ends.pop(part, None) is not None:
            self._path(part).unlink(missing_ok=True)

    def close(self) -> None:
        """Give back all that is held."""
        for part in list(self._ends):
            self.drop(part)

    def _file(self, part: int) -> FileIO:
        if part not in self._open:
            if len(self._open) >= OPEN:
                self._open.pop(next(iter(self._open))).close()
            self._open[part] = FileIO(self._path(part), "ab")
            self._ends.setdefault(part, 0)
        return self._open[part]

    def _map(self, part: int) -> mmap.mmap | bytes:
        if not self._ends.get(part):
            return b""
        with self._path(part).open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def _path(self, part: int) -> Path:
        return self.folder / f"{part:05d}.spool"


def _write(out: FileIO, values: NDArray | Packed) -> int:
    """Write an array at once, with no buffer that could be lost or fail later; return its bytes."""
    held = values.data if isinstance(values, Packed) else _bytes(values)
    left = memoryview(held)
    while left:
        left = left[out.write(left) or 0 :]
    return len(held)


def _bytes(values: NDArray) -> memoryview:
    return np.ascontiguousarray(values).view(np.uint8).data
