"""Which rows repeat an earlier one: 128-bit ids in sorted runs on disk, asked partition by partition."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from pathworth.base.threads import in_order, processors
from pathworth.kernels.rows.fingerprints import first_of_each, look_up, number_twins, order_ties
from pathworth.store.aside.verdicts import DUPLICATE, NEW, SHADOWED, Verdicts
from pathworth.store.files import close_quietly, end_of, write_array
from pathworth.store.shards.spool import Spool

PARTITIONS = 64
_COLUMNS = ("high", "low", "content")
Words = NDArray[np.uint64]
Triple = tuple[Words, Words, Words]
_NOTHING: Triple = (np.empty(0, np.uint64), np.empty(0, np.uint64), np.empty(0, np.uint64))
_TWIN = np.uint64(0x9E3779B97F4A7C15)
_FEW = 1 << 16
"""About so many rows are sorted at a time, which processors hold near them; partitions are cut into ranges of ids."""
_RANGES = 8
"""Bits of an id that tell ranges apart at most."""
_AT_ONCE = 1 << 25
"""Partitions of so many rows together are judged at a time; each row takes some forty bytes meanwhile."""


@dataclass(frozen=True)
class Run:
    """Ids accepted by one or more imports, sorted by their high word; memory-mapped while asked."""

    folder: Path

    @property
    def size(self) -> int:
        """Return how many ids the run holds."""
        return (self.folder / "high").stat().st_size // 8

    def whole(self) -> Triple:
        """Return the high words, low words and content hashes."""
        high, low, content = (
            np.asarray(np.memmap(self.folder / name, np.uint64, "r")) for name in _COLUMNS
        )
        return high, low, content

    def piece(self, partition: int) -> Triple:
        """Return the high words, low words and content hashes of one partition."""
        high, low, content = self.whole()
        first = int(np.searchsorted(high, np.uint64(partition << 58)))
        last = len(high)
        if partition + 1 < PARTITIONS:
            last = int(np.searchsorted(high, np.uint64((partition + 1) << 58)))
        return high[first:last], low[first:last], content[first:last]


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

    def add(self, columns: Sequence[Words]) -> None:
        """Append one partition: high words, low words, content hashes, in any order."""
        for out, column in zip(self._out, _ascending(columns), strict=True):
            write_array(out, column)

    def sync(self) -> None:
        """Return when the run is on the disk."""
        for out in self._out:
            end_of(out)
            out.flush()
            os.fsync(out.fileno())


def twin_words(
    high: NDArray[np.uint64], low: NDArray[np.uint64], *, ordinal: NDArray[np.int32]
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Mix the number among identical rows into digests; number 0 and the partition stay as they are."""
    step = ordinal.astype(np.uint64) * _TWIN
    top = np.uint64(0b111111 << 58)
    return (high & top) | ((high ^ (step >> np.uint64(6))) & ~top), low ^ step


def _zeros(size: int) -> Words:
    """Return zeros that take no room."""
    return np.broadcast_to(np.uint64(0), size)


def _are_zeros(words: Words) -> bool:
    return words.strides == (0,)


def _joined(columns: Sequence[Words]) -> Words:
    """Return columns one behind the other; zeros that take no room stay so."""
    if all(map(_are_zeros, columns)):
        return _zeros(sum(map(len, columns)))
    return np.concatenate(columns)


def _by_range(high: Words) -> tuple[NDArray[np.int64] | None, list[int]]:
    """Return rows by range of their high words, null when there is one range only, and where each range ends."""
    bits = min(max(len(high) // _FEW, 1).bit_length() - 1, _RANGES)
    if not bits:
        return None, [0, len(high)]
    # The top six bits are those of the partition.
    lies = ((high << np.uint64(6)) >> np.uint64(64 - bits)).astype(np.uint8)
    ends = np.cumsum(np.bincount(lies, minlength=1 << bits))
    return np.argsort(lies, kind="stable"), [0, *ends.tolist()]


def _ordered(values: NDArray, order: NDArray[np.int64] | None) -> NDArray:
    return values if order is None or not len(values) else values[order]


@dataclass(frozen=True)
class _Asked:
    """Rows of one partition; ``content`` is all zeros where ids are hashes of rows."""

    row: NDArray[np.int64]
    high: NDArray[np.uint64]
    low: NDArray[np.uint64]
    content: NDArray[np.uint64]

    @classmethod
    def ranges(cls, spool: Spool, part: int) -> Iterator[_Asked]:
        """Yield the rows of each range of high words, by rising range, in the order in which they came."""
        order, edges = _by_range(spool.read(part, "high", dtype=np.uint64))

        # One is read and put in order after the other, so that no two are in memory twice.
        row = _ordered(spool.read(part, "row", dtype=np.int64), order)
        high, low, content = (
            _ordered(spool.read(part, name, dtype=np.uint64), order) for name in _COLUMNS
        )
        del order
        content = content if len(content) else _zeros(len(row))
        for a, b in pairwise(edges):
            yield cls(row[a:b], high[a:b], low[a:b], content[a:b])

    def order(self) -> NDArray[np.int64]:
        """Return rows by (high, low), equal ones as they came; the low words matter once in 2**64."""
        order = np.argsort(self.high)
        tied = order_ties(order, self.high, self.low)
        return order if tied else np.lexsort((self.low, self.high))


@dataclass(frozen=True)
class _Judged:
    """What was found of rows: how many there are, those that are told of, and the ids that the new run gets.

    Told of are rows that are not ``NEW``, and those that are not the first of identical ones.
    """

    size: int
    rows: NDArray[np.int64]
    verdict: NDArray[np.uint8]
    ordinal: NDArray[np.int32]
    run: Triple
    conflicting: int


@dataclass(frozen=True)
class Question:
    """What is asked of the rows of an import.

    Parameters
    ----------
    spool
        Columns ``row``, ``high``, ``low`` and, where ids were given, ``content`` in 64 partitions by the top 6
        bits of ``high``.
    per_file
        int64[files]: how many rows each file has.
    hashed
        Whether ids are hashes of rows (identical rows of a file are then numbered) or were given.
    runs
        All runs accepted so far.
    merged
        Those of them that the new run takes over.
    """

    spool: Spool
    per_file: NDArray[np.int64]
    hashed: bool
    runs: Sequence[Run]
    merged: Sequence[Run]

    def judge(self, part: int) -> tuple[list[_Judged], Triple]:
        """Judge the rows of one partition, range by range; return what the new run holds of it, ascending, too."""
        pieces = [run.piece(part) for run in self.runs]
        found = [self._judge(one, pieces) for one in _Asked.ranges(self.spool, part)]
        taken = [p for run, p in zip(self.runs, pieces, strict=True) if run in self.merged]
        parts = [*taken, *(one.run for one in found)]
        joined = [_joined(column) for column in zip(*parts, strict=True)]
        return [replace(one, run=_NOTHING) for one in found], _ascending(joined)

    def _judge(self, asked: _Asked, pieces: Sequence[Triple]) -> _Judged:
        order = asked.order()
        verdict, ordinal = self._within(asked, order)
        high, low = asked.high, asked.low
        if ordinal.any():
            high, low = twin_words(high, low, ordinal=ordinal)
        first = verdict == 0
        against(pieces, (high, low, asked.content), verdict=verdict)
        new = verdict == 0
        found = np.where(new, NEW, np.where(first, SHADOWED, DUPLICATE)).astype(np.uint8)
        kept = order[new[order]]
        nothing = _are_zeros(asked.content)
        run = high[kept], low[kept], _zeros(len(kept)) if nothing else asked.content[kept]
        told = np.flatnonzero((found != NEW) | (ordinal != 0))
        conflicting = int(np.count_nonzero(verdict == 2))
        return _Judged(len(found), asked.row[told], found[told], ordinal[told], run, conflicting)

    def _within(
        self, asked: _Asked, order: NDArray[np.int64]
    ) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
        """Judge rows among themselves; return verdicts and numbers among identical rows."""
        verdict = np.zeros(len(asked.row), dtype=np.uint8)
        ordinal = np.zeros(len(asked.row), dtype=np.int32)
        if self.hashed:
            file = np.searchsorted(np.cumsum(self.per_file), asked.row, side="right")
            number_twins(order, asked.high, asked.low, file.astype(np.int32), ordinal, verdict)
        else:
            first_of_each(order, asked.high, asked.low, asked.content, verdict)
        return verdict, ordinal


def judge(
    question: Question, verdicts: Verdicts, *, writer: RunWriter, progress: Callable[[float], None]
) -> None:
    """Judge every row of an import, and write the run that holds the new ones."""
    rows = int(question.per_file.sum())
    threads = max(min(processors(rows), _AT_ONCE * PARTITIONS // max(rows, 1)), 1)
    work = in_order(question.judge, range(PARTITIONS), threads=threads)
    for part, (found, run) in enumerate(work):
        for one in found:
            verdicts.note(one.rows, verdict=one.verdict, ordinal=one.ordinal, of=one.size)
            verdicts.conflicting += one.conflicting
        writer.add(run)
        question.spool.drop(part)
        progress((part + 1) / PARTITIONS)
    writer.sync()


def _ascending(columns: Sequence[Words]) -> Triple:
    """Return high words, low words and content hashes by rising high words."""
    high, low, content = columns
    if (high[1:] >= high[:-1]).all():
        return high, low, content
    order = np.argsort(high)
    return high[order], low[order], content[order]


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
    order = np.argsort(ids[0])
    high, low, content = (column[order] for column in ids)
    found = np.zeros(len(order), dtype=np.uint8)
    for piece in pieces:
        look_up(high, low, content, *piece, found)
    hit = found > 0
    verdict[order[hit]] = found[hit]


def known(runs: Sequence[Run], ids: Triple) -> NDArray[np.uint8]:
    """Return uint8[n]: 0 for an id that no run holds, 1 for a repeat, 2 for one that says something else."""
    verdict = np.zeros(len(ids[0]), dtype=np.uint8)
    against([run.whole() for run in runs], ids, verdict=verdict)
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
