"""Columns set aside on disk by part, so that what is sorted later never has to be in memory at once."""

from __future__ import annotations

import mmap
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pathworth.store.files import empty

OPEN = 256
"""So many files are open at a time; a part more closes the one that has been open for longest."""
_ZEROS = -1


@dataclass
class _Appended:
    """Pieces of a column: the first byte of each, -1 for zeros, which take no room; its length, and its type."""

    at: array[int] = field(default_factory=lambda: array("q"))
    count: array[int] = field(default_factory=lambda: array("q"))
    kind: array[int] = field(default_factory=lambda: array("b"))
    kinds: list[np.dtype] = field(default_factory=list)

    def add(self, at: int, values: NDArray) -> None:
        """Note a piece."""
        if values.dtype not in self.kinds:
            self.kinds.append(values.dtype)
        self.at.append(at)
        self.count.append(len(values))
        self.kind.append(self.kinds.index(values.dtype))


@dataclass(frozen=True)
class Sorted:
    """Rows sorted by part: ``columns`` [n] each, those of part p from ``edges[p]`` up to ``edges[p + 1]``."""

    edges: NDArray[np.int64]
    columns: Mapping[str, NDArray]


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

    def append(self, part: int, columns: Mapping[str, NDArray]) -> None:
        """Append arrays to columns of one part; they may differ in length and, over time, in type."""
        out, end = self._file(part), self._ends.get(part, 0)
        for name, values in columns.items():
            if len(values):
                held = self._held.setdefault((part, name), _Appended())
                nothing = empty(values)
                held.add(_ZEROS if nothing else end, values)
                if not nothing:
                    end += _write(out, np.ascontiguousarray(values))
        self._ends[part] = end

    def take(self, rows: Sorted) -> None:
        """Append rows that were sorted by part."""
        for part in np.flatnonzero(np.diff(rows.edges)).tolist():
            if part in self.unwanted:
                continue
            a, b = rows.edges[part], rows.edges[part + 1]
            self.append(part, {name: values[a:b] for name, values in rows.columns.items()})

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
        """Return what was appended to a column of a part, one array per append, seen in a map of the file."""
        held = self._held.get((part, column))
        if held is None:
            return []
        data = self._map(part)
        kinds = [held.kinds[number] for number in held.kind]
        return [
            np.zeros(count, kind) if at == _ZEROS else np.frombuffer(data, kind, count, at)
            for at, count, kind in zip(held.at, held.count, kinds, strict=True)
        ]

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


def _write(out: FileIO, values: NDArray) -> int:
    """Write an array at once, with no buffer that could be lost or fail later; return its bytes."""
    left = memoryview(values.view(np.uint8).data)
    while left:
        left = left[out.write(left) or 0 :]
    return values.nbytes
