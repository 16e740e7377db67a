"""Columns found by what a format calls them, and the texts, sums of conditions and ids made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.collect.numbers import absent, flags
from pathworth.collect.texts.canonical import canonical
from pathworth.collect.texts.received import as_received, plain
from pathworth.store import row_digests

Columns = Mapping[str, pa.Array]


def named(spec: str, columns: Iterable[str]) -> list[str]:
    """Return the columns that ``a|b`` means, those of ``a`` first; ``*`` is any text.

    Case, blanks and underscores do not count.
    """
    known: dict[str, str] = {}
    for name in columns:
        known.setdefault(_plain(name), name)
    found: dict[str, None] = {}
    for part in spec.split("|"):
        word = _plain(part)
        if word in known:
            found[known[word]] = None
        elif "*" in word:
            found |= {known[name]: None for name in known if fnmatchcase(name, _pattern(word))}
    return list(found)


def caught(spec: str, column: str) -> str:
    """Return what ``*`` of a spec stands for in a column's name."""
    for part in spec.split("|"):
        if "*" in part and fnmatchcase(_plain(column), _pattern(_plain(part))):
            before, _, after = _plain(part).partition("*")
            whole = " ".join(column.split())
            return whole[len(before) : len(whole) - len(after)]
    return column


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()


def _pattern(word: str) -> str:
    """Return a glob in which only ``*`` means anything."""
    return word.replace("[", "[[]").replace("?", "[?]")


def text_of(column: pa.Array) -> pa.Array:
    """Return a column as plain text as received."""
    return plain(as_received(column))


def first_text(spec: str | None, columns: Columns, *, count: int) -> pa.Array:
    """Return row by row the first text that the columns of ``a|b`` hold; nulls without any."""
    found = [] if spec is None else [columns[name] for name in named(spec, columns)]
    if not found:
        return pa.nulls(count, pa.string())
    return pc.coalesce(*(held(column) for column in found))


def held(column: pa.Array) -> pa.Array:
    """Return a column as text, null where it holds nothing."""
    nothing = absent(column)
    texts = text_of(column)
    return pc.if_else(pa.array(nothing), None, texts) if nothing.any() else texts


def holding(
    wanted: Mapping[str, Iterable[str]], columns: Columns, *, count: int
) -> NDArray[np.bool_]:
    """Return bool[n]: where every named column holds one of its texts, or anything where none is named."""
    good = np.ones(count, dtype=np.bool_)
    for spec, texts in wanted.items():
        found = first_text(spec, columns, count=count)
        some = list(texts)
        good &= flags(pc.is_in(found, pa.array(some, pa.string())) if some else found.is_valid())
    return good


def hashed_ids(specs: Iterable[str], columns: Columns, *, event: pa.Array) -> pa.Array:
    """Return ids made of what columns hold and of the event's name; null where the columns hold nothing.

    The names of the columns are no part of it, so that two exports of the same thing give the same ids.
    """
    count = len(event)
    parts = [first_text(spec, columns, count=count) for spec in specs]
    known = np.zeros(count, dtype=np.bool_)
    for part in parts:
        known |= flags(part.is_valid())
    texts = {str(k): canonical(part) for k, part in enumerate(parts) if part.null_count < count}
    digests = row_digests({**texts, "event": event})
    return pc.if_else(pa.array(known), hex_texts(digests), None)


def hex_texts(digests: pa.Array) -> pa.Array:
    """Return digests of 16 bytes as texts of 32 digits."""
    count = len(digests)
    start = digests.offset * 16
    whole = digests.buffers()[1].to_pybytes()[start : start + 16 * count]
    offsets = np.arange(0, 32 * count + 1, 32, dtype=np.int32)
    return pa.StringArray.from_buffers(
        count, pa.py_buffer(offsets), pa.py_buffer(whole.hex().encode())
    )
