"""One column by itself: made from rows of the lake, laid out as the shards are, and opened again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.base.errors import StoreTrouble
from pathworth.store.arrays import TRAIT_KINDS, last_values
from pathworth.store.aside.blocks import one
from pathworth.store.contracts import ColumnInfo, Shard
from pathworth.store.shards.columns import PropertyColumn
from pathworth.store.shards.entries import ShardEntry
from pathworth.store.shards.further import FurtherColumn
from pathworth.store.shards.snapshots import (
    ColumnEntry,
    ShardWriter,
    open_blocks,
    read_values,
    write_values,
)
from pathworth.store.shards.spool import Spool
from pathworth.store.shards.word_files import WORDS, write_words

MANIFEST = "column.json"


class NotInShards(Exception):
    """A row of the lake that no shard holds: lake and shards are not of the same moment."""


@dataclass(frozen=True)
class ColumnFiles:
    """All that a reader must know of a column: what it is, the size of its dictionary's file, its shards."""

    entry: ColumnEntry
    size: int
    shards: list[ShardEntry]


def spread(
    parts: Iterable[tuple[pa.Table, NDArray]],
    column: PropertyColumn,
    *,
    spool: Spool,
    timezone: str,
    progress: Callable[[int], None],
) -> bool:
    """Set the values of a column aside by shard; false when the column gives up.

    Parameters
    ----------
    parts
        Rows of the lake with ``seq`` and the column, texts dictionary-encoded, and the shard of each row.
    spool
        Gets ``seq`` and the column's key, of the rows that hold a value.
    progress
        Told how many rows have been read.
    """
    for part, shard in parts:
        texts = one(part[column.lake])
        values = column.take(texts, len(part), timezone=timezone)
        if values is None:
            return False
        held = np.flatnonzero(texts.is_valid().to_numpy(zero_copy_only=False))
        rows = {"seq": part["seq"].to_numpy()[held], column.key: values[held]}
        spool.spread(shard[held], rows)
        progress(len(part))
    return True


def write_column(
    column: PropertyColumn,
    shards: Sequence[Shard],
    *,
    spool: Spool,
    folder: Path,
    timezone: str,
    progress: Callable[[int], None],
) -> None:
    """Write a column that was set aside, one file for each shard, and last what a reader must know.

    Parameters
    ----------
    shards
        The shards beside which it lies.
    folder
        Where it goes.
    progress
        Told how many shards are written.

    Raises
    ------
    NotInShards
        When a row is of no event of its shard.
    """
    entry = write_entry(folder, "values", column=column, promoted=False)
    size = 0 if entry.values is None else (folder / entry.values).stat().st_size
    written = []
    for number, shard in enumerate(shards):
        values = column.values(spool.blocks(number, column.key), timezone)
        seq = spool.read(number, "seq", dtype=np.int64)
        spool.drop(number)
        placed = column.nothing(len(shard.seq))
        placed[_places(shard.seq, seq)] = values
        with ShardWriter(folder / f"{number:05d}.shard") as writer:
            writer.add("c", placed)
            if entry.trait:
                writer.add("t", last_values(shard.offset, placed, kind=column.kind))
            written.append(writer.entry())
        progress(number + 1)
    (folder / MANIFEST).write_bytes(msgspec.json.encode(ColumnFiles(entry, size, written)))


def _places(held: NDArray, asked: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where the events of some numbers stand among those of a shard."""
    order = np.argsort(held)
    rank = np.searchsorted(held, asked, sorter=order)
    if len(asked) and (rank.max() >= len(held) or (held[order[rank]] != asked).any()):
        raise NotInShards
    places: NDArray[np.int64] = order[rank]
    return places


def write_entry(folder: Path, name: str, *, column: PropertyColumn, promoted: bool) -> ColumnEntry:
    """Write the texts of a column, where it has any, and return what a manifest says of it.

    Parameters
    ----------
    name
        Of the file, without its ending.
    """
    texts = column.dictionary.values()
    file = None
    if column.kind == "text":
        file = f"{name}.json" if promoted else f"{name}{WORDS}"
        if promoted:
            write_values(folder / file, texts.to_pylist())
        else:
            write_words(folder / file, texts)
    return ColumnEntry(column.name, column.kind, file, column.kind in TRAIT_KINDS, promoted)


def open_column(folder: Path) -> FurtherColumn | None:
    """Open a column; null when it is not there, or not whole."""
    try:
        held = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=ColumnFiles)
        entry = held.entry
        if entry.values is not None and (folder / entry.values).stat().st_size != held.size:
            return None
        maps = [open_blocks(folder, one) for one in held.shards]
        info = ColumnInfo(entry.kind, read_values(folder, entry))
    except (FileNotFoundError, StoreTrouble, msgspec.MsgspecError, pa.ArrowInvalid):
        return None
    return FurtherColumn(
        info,
        tuple(one["c"] for one in maps),
        tuple(one["t"] for one in maps) if entry.trait else None,
    )
