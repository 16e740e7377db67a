"""Which rows repeat an earlier one: 128-bit ids in sorted runs on disk, asked partition by partition."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from pathworth.kernels.rows.fingerprints import first_of_each, look_up, number_twins
from pathworth.store.files import close_quietly
from pathworth.store.shards.spool import Spool

PARTITIONS = 64
_COLUMNS = ("high", "low", "content")
Words = NDArray[np.uint64]
Triple = tuple[Words, Words, Words]
_TWIN = np.uint64(0x9E3779B97F4A7C15)
NEW, DUPLICATE, SHADOWED = 0, 1, 2


@dataclass(frozen=True)
class Run:
    """Ids accepted by one or more imports, sorted by their high word; memory-mapped while asked."""

    folder: Path

    @property
    def size(self) -> int:
        """Return how many ids the run holds."""
        return (self.folder / "high").stat().st_size // 8

    def piece(self, partition: int) -> Triple:
        """Return the high words, low words and content hashes of one partition."""
        columns = [np.memmap(self.folder / name, np.uint64, "r") for name in _COLUMNS]
        first = np.searchsorted(columns[0], np.uint64(partition << 58))
        last = len(columns[0])
        if partition + 1 < PARTITIONS:
            last = int(np.searchsorted(columns[0], np.uint64((partition + 1) << 58)))
        high, low, content = (np.asarray(column[first:last]) for column in columns)
        return high, low, content


class RunWriter:
    """Writes a run, partition after partition in rising order."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self._out: list[BinaryIO] = [(folder / name).open("wb") for name in _COLUMNS]

    def __enter__(self) -> RunWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for out in self._out:
            close_quietly(out)

    def add(self, columns: Sequence[NDArray[np.uint64]]) -> None:
        """Append one partition: high words, low words, content hashes, in any order."""
        order = np.argsort(columns[0])
        for out, column in zip(self._out, columns, strict=True):
            out.write(column[order].data)

    def sync(self) -> None:
        """Return when the run is on the disk."""
        for out in self._out:
            out.flush()
            os.fsync(out.fileno())


@dataclass(frozen=True)
class Verdicts:
    """What was found of the rows of an import, by their number in the order in which they came.

    ``repeated`` is uint8[n]: ``NEW``, ``SHADOWED`` for the first row of an id that another import holds,
    ``DUPLICATE`` for every other repeat; ``twin`` holds the rows kept that are a second, third ... identical
    row of their file and ``ordinal`` which one, both ascending by row.
    """

    repeated: NDArray[np.uint8]
    conflicting: int
    twin: NDArray[np.int64]
    ordinal: NDArray[np.int32]

    @property
    def accepted(self) -> int:
        """Return how many rows are new."""
        return int(np.count_nonzero(self.repeated == NEW))

    @property
    def shadowed(self) -> int:
        """Return how many rows are kept aside because another import holds their event."""
        return int(np.count_nonzero(self.repeated == SHADOWED))


def twin_words(
    high: NDArray[np.uint64], low: NDArray[np.uint64], *, ordinal: NDArray[np.int32]
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Mix the number among identical rows into digests; number 0 and the partition stay as they are."""
    step = ordinal.astype(np.uint64) * _TWIN
    top = np.uint64(0b111111 << 58)
    return (high & top) | ((high ^ (step >> np.uint64(6))) & ~top), low ^ step


@dataclass(frozen=True)
class _Asked:
    """The rows of one partition."""

    row: NDArray[np.int64]
    file: NDArray[np.int32]
    high: NDArray[np.uint64]
    low: NDArray[np.uint64]
    content: NDArray[np.uint64]

    @classmethod
    def read(cls, spool: Spool, part: int) -> _Asked:
        types = {"row": np.int64, "file": np.int32, **dict.fromkeys(_COLUMNS, np.uint64)}
        return cls(**{name: spool.read(part, name, dtype=dtype) for name, dtype in types.items()})

    def order(self) -> NDArray[np.int64]:
        """Return rows by (high, low), equal ones as they came; the low words matter once in 2**64."""
        order = np.argsort(self.high, kind="stable")
        high, low = self.high[order], self.low[order]
        mixed = (high[1:] == high[:-1]) & (low[1:] != low[:-1])
        return np.lexsort((self.low, self.high)) if mixed.any() else order


def judge(
    spool: Spool,
    rows: int,
    *,
    hashed: bool,
    runs: Sequence[Run],
    merged: Sequence[Run],
    writer: RunWriter,
    progress: Callable[[float], None],
) -> Verdicts:
    """Judge every row of an import and write the run that holds the new ones.

    Parameters
    ----------
    spool
        Columns ``row``, ``file``, ``high``, ``low``, ``content`` in 64 partitions by the top 6 bits of
        ``high``.
    rows
        How many rows the import has.
    hashed
        Whether ids are hashes of rows (identical rows of a file are then numbered) or were given.
    runs
        All runs accepted so far.
    merged
        Those of them that the new run takes over.
    """
    repeated = np.zeros(rows, dtype=np.uint8)
    conflicting, twins, ordinals = 0, [], []
    for part in range(PARTITIONS):
        asked = _Asked.read(spool, part)
        spool.drop(part)
        verdict, ordinal = _within(asked, hashed=hashed)
        high, low = (
            twin_words(asked.high, asked.low, ordinal=ordinal)
            if hashed
            else (asked.high, asked.low)
        )
        pieces = [run.piece(part) for run in runs]
        first = verdict == 0
        against(pieces, (high, low, asked.content), verdict=verdict)
        new = verdict == 0
        repeated[asked.row] = np.where(new, NEW, np.where(first, SHADOWED, DUPLICATE))
        conflicting += int(np.count_nonzero(verdict == 2))
        twin = first & (ordinal > 0)
        twins.append(asked.row[twin])
        ordinals.append(ordinal[twin])
        taken = [piece for run, piece in zip(runs, pieces, strict=True) if run in merged]
        parts = [*taken, (high[new], low[new], asked.content[new])]
        writer.add([np.concatenate(column) for column in zip(*parts, strict=True)])
        progress((part + 1) / PARTITIONS)
    writer.sync()
    by_row = np.argsort(np.concatenate(twins))
    return Verdicts(
        repeated, conflicting, np.concatenate(twins)[by_row], np.concatenate(ordinals)[by_row]
    )


def _within(asked: _Asked, *, hashed: bool) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Judge the rows of a partition among themselves; return verdicts and numbers among identical rows."""
    verdict = np.zeros(len(asked.row), dtype=np.uint8)
    ordinal = np.zeros(len(asked.row), dtype=np.int32)
    order = asked.order()
    if hashed:
        number_twins(order, asked.high, asked.low, asked.file, ordinal, verdict)
    else:
        first_of_each(order, asked.high, asked.low, asked.content, verdict)
    return verdict, ordinal


def against(
    pieces: Sequence[Triple],
    ids: Triple,
    *,
    verdict: NDArray[np.uint8],
) -> None:
    """Judge rows against sorted ids; a row whose id is among them is judged by the first of that id.

    Parameters
    ----------
    pieces
        High words, low words and content hashes, each ascending by the high word.
    ids
        The same of the rows that are asked, in any order.
    verdict
        uint8[n]: set to 1 for a repeat, 2 for one that says something else; else left as it is.
    """
    if not any(len(piece[0]) for piece in pieces):
        return
    order = np.argsort(ids[0], kind="stable")
    high, low, content = (column[order] for column in ids)
    found = np.zeros(len(order), dtype=np.uint8)
    for piece in pieces:
        look_up(high, low, content, *piece, found)
    hit = found > 0
    verdict[order[hit]] = found[hit]


def known(runs: Sequence[Run], ids: Triple) -> NDArray[np.uint8]:
    """Return uint8[n]: 0 for an id that no run holds, 1 for a repeat, 2 for one that says something else."""
    verdict = np.zeros(len(ids[0]), dtype=np.uint8)
    parts = (ids[0] >> np.uint64(58)).astype(np.int64)
    for part in np.unique(parts).tolist():
        own = np.flatnonzero(parts == part)
        found = np.zeros(len(own), dtype=np.uint8)
        high, low, content = (column[own] for column in ids)
        against([run.piece(part) for run in runs], (high, low, content), verdict=found)
        verdict[own] = found
    return verdict


def to_merge(runs: Sequence[Run], rows: int) -> list[Run]:
    """Return the newest runs that a new run of so many rows should take over, so that few runs remain.

    A run is taken over when all that follows it is at least half its size; so sizes at least double backwards
    and every id is rewritten a logarithmic number of times.
    """
    taken: list[Run] = []
    size = rows
    for run in reversed(runs):
        if size * 2 < run.size:
            break
        taken.insert(0, run)
        size += run.size
    return taken
