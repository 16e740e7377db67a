"""Dictionaries of any size: texts in one file of Arrow, read from its memory map one by one."""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import overload

import pyarrow as pa
import pyarrow.compute as pc

WORDS = ".arrow"
_ROWS = 65_536


class Words(Sequence[str]):
    """The texts of a dictionary in the order of their codes, none of them held in memory.

    Parameters
    ----------
    texts
        Array of ``large_string`` over a memory map.
    """

    def __init__(self, texts: pa.Array) -> None:
        self._texts = texts

    @overload
    def __getitem__(self, place: int, /) -> str: ...

    @overload
    def __getitem__(self, place: slice, /) -> Sequence[str]: ...

    def __getitem__(self, place: int | slice, /) -> str | Sequence[str]:
        found = self._texts[place]
        return Words(found) if isinstance(place, slice) else str(found.as_py())

    def __len__(self) -> int:
        return len(self._texts)

    def __iter__(self) -> Iterator[str]:
        for first in range(0, len(self._texts), _ROWS):
            yield from self._texts.slice(first, _ROWS).to_pylist()

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and self._place(text) >= 0

    def index(self, text: str, *between: int) -> int:
        """Return the place of a text, between two places where they are given; raises ValueError."""
        first, last = (*between, *(0, len(self))[len(between) :])
        place = self._place(text)
        if not first <= place < last:
            raise ValueError(text)
        return place

    def _place(self, text: str) -> int:
        return int(pc.index(self._texts, pa.scalar(text, self._texts.type)).as_py())


def write_words(path: Path, texts: pa.Array) -> int:
    """Write texts by code from 1, and return how many bytes that takes.

    Parameters
    ----------
    path
        The file; its name ends with ``WORDS``.
    texts
        Array of ``large_string``.
    """
    rows = pa.record_batch([texts], names=["texts"])
    with path.open("wb") as out, pa.ipc.new_file(out, rows.schema) as writer:
        writer.write_batch(rows)
    return path.stat().st_size


def open_words(path: Path) -> Words:
    """Open texts; they stay there even when the file is deleted."""
    with path.open("rb") as file:
        held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    batch = pa.ipc.open_file(pa.BufferReader(pa.py_buffer(held))).get_batch(0)
    return Words(batch.column(0))
