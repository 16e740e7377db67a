"""What was found of each row of an import, in files as long as the import, so that memory does not grow with it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pathworth.store.files import sync_file

NEW, DUPLICATE, SHADOWED = 0, 1, 2
VERDICTS, ORDINALS = "verdicts", "ordinals"


class Verdicts:
    """What was found of the rows of an import, by their number in the order in which they came.

    ``NEW``, ``SHADOWED`` for the first row of an id that another import holds, ``DUPLICATE`` for every other
    repeat; and which of several identical rows of its file a row is, from 0.

    Parameters
    ----------
    folder
        Where the files lie; nobody else writes there.
    rows
        How many rows the import has.
    """

    def __init__(self, folder: Path, rows: int) -> None:
        self._folder, self.rows = folder, rows
        self.accepted = self.shadowed = self.conflicting = 0
        self._verdict = _mapped(folder / VERDICTS, rows, np.uint8)
        self._ordinal: NDArray[np.int32] | None = None
        if (folder / ORDINALS).exists():
            self._ordinal = _mapped(folder / ORDINALS, rows, np.int32)

    @classmethod
    def fresh(cls, folder: Path, rows: int) -> Verdicts:
        """Return verdicts that are all ``NEW``, whatever lay there."""
        for name in (VERDICTS, ORDINALS):
            (folder / name).unlink(missing_ok=True)
        return cls(folder, rows)

    def sync(self) -> None:
        """Return when they are on the disk."""
        for name, array in ((VERDICTS, self._verdict), (ORDINALS, self._ordinal)):
            if isinstance(array, np.memmap):
                array.flush()
                sync_file(self._folder / name)

    def note(
        self,
        rows: NDArray[np.int64],
        *,
        verdict: NDArray[np.uint8],
        ordinal: NDArray[np.int32],
        of: int,
    ) -> None:
        """Keep what was found of some of ``of`` rows, the others of which are ``NEW``; of each row once."""
        told = np.flatnonzero(verdict != NEW)
        self._verdict[rows[told]] = verdict[told]
        self.accepted += of - len(told)
        self.shadowed += int(np.count_nonzero(verdict == SHADOWED))
        twins = np.flatnonzero(ordinal)
        if len(twins):
            if self._ordinal is None:
                self._ordinal = _mapped(self._folder / ORDINALS, self.rows, np.int32)
            self._ordinal[rows[twins]] = ordinal[twins]

    def of(self, first: int, rows: int) -> NDArray[np.uint8]:
        """Return uint8[rows]: the verdicts of rows from ``first`` on."""
        return np.asarray(self._verdict[first : first + rows])

    def ordinal_of(self, rows: NDArray[np.int64]) -> NDArray[np.int32] | None:
        """Return int32[n]: which of identical rows each is; null when all are the first."""
        if self._ordinal is None:
            return None
        found = self._ordinal[rows]
        return found if found.any() else None

    def kept_before(self, edges: Sequence[int]) -> NDArray[np.int64]:
        """Return int64[len(edges)]: how many rows before each edge are new or shadowed; edges rise from 0."""
        counts = [np.count_nonzero(self._verdict[a:b] != DUPLICATE) for a, b in pairwise(edges)]
        return np.cumsum([0, *counts])


def _mapped(path: Path, rows: int, kind: type) -> NDArray:
    """Return an array that lies in a file, zeros when it is new.

    Its room is taken now: a disk that is full later would end the process when it writes to the map.
    """
    size = rows * np.dtype(kind).itemsize
    if not size:
        return np.zeros(0, dtype=kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("r+b" if path.exists() else "w+b") as file:
        os.posix_fallocate(file.fileno(), 0, size)
        return np.memmap(file, dtype=kind, mode="r+", shape=(rows,))
