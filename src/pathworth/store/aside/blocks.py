"""Blocks of rows on disk: zone by zone, so that each zone can be read by itself, and in their order within it.

A block is a few files of Arrow batches, one for each zone, so that zones that are done with give their disk back while
others are still needed; a small one is a file with a single batch. Texts that repeat often are codes, columns that hold
nothing are left out, and all is compressed, since all rows of an import lie there at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import ipc

from pathworth.store.contracts import GROUPS
from pathworth.store.texts import group_of, hash64

SPREAD_FROM = 65_536
"""Blocks of fewer rows are not spread over the zones."""
_FILES = 4
TOGETHER = GROUPS // _FILES
"""So many zones lie in each file of a block that is spread over the zones."""
PLACE = "place"
"""Column with the place of each row in its block."""
_SELDOM = 8
"""Texts that rows hold less often are no codes: with every zone all texts of a block are read again."""
CODED = pa.dictionary(pa.int32(), pa.string())


def joined(tables: Sequence[pa.Table]) -> pa.Table:
    """Return tables one behind the other as one chunk, with the columns of them all.

    A column is coded when it is so in every table that holds something in it.
    """
    names = dict.fromkeys(name for table in tables for name in table.column_names)
    return pa.table({name: _column(name, tables) for name in names})


def _column(name: str, tables: Sequence[pa.Table]) -> pa.Array:
    held = [table[name] for table in tables if name in table.column_names]
    kinds = {column.type for column in held if column.null_count < len(column)}
    kind = next(iter(kinds), held[0].type)
    if any(map(pa.types.is_dictionary, kinds)):
        kind = CODED if all(map(pa.types.is_dictionary, kinds)) else pa.string()
    parts: list[pa.Array] = []
    for table in tables:
        there = table[name] if name in table.column_names else None
        if there is None or there.null_count == len(there):
            parts.append(pa.nulls(len(table), kind))
        else:
            parts += [_as(chunk, kind) for chunk in there.chunks]
    return one(pa.chunked_array(parts, kind).unify_dictionaries())


def _as(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(kind):
        return with_codes(column, kind.index_type)
    return column.cast(kind)


def one(column: pa.ChunkedArray) -> pa.Array:
    """Return a column as one array."""
    whole = column.combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


def with_codes(column: pa.DictionaryArray, kind: pa.DataType) -> pa.DictionaryArray:
    """Return a coded column with codes of another width."""
    return pa.DictionaryArray.from_arrays(column.indices.cast(kind), column.dictionary)


def write_block(path: Path, rows: pa.Table) -> None:
    """Write rows as a block.

    Parameters
    ----------
    path
        Of its one file; see ``block_files``.
    rows
        Rows in their order, each column one chunk; those without ``entity`` are of no zone.
    """
    place = pa.array(np.arange(len(rows), dtype=np.uint32))
    table = _narrow(rows).append_column(PLACE, place)
    if len(rows) < SPREAD_FROM or "entity" not in rows.column_names:
        _write(path, _batch(table), [0, len(rows)])
        return
    zone = group_of(hash64(rows["entity"].chunk(0))).astype(np.uint8)
    order = np.argsort(zone, kind="stable")
    edges = np.searchsorted(zone[order], np.arange(GROUPS + 1)).tolist()
    batch = _batch(table.take(pa.array(order)))
    for number in range(_FILES):
        first = number * TOGETHER
        _write(_part(path, number), batch, edges[first : first + TOGETHER + 1])


def block_files(path: Path) -> list[Path]:
    """Return the files of a block that are there."""
    parts = (_part(path, number) for number in range(_FILES))
    return [file for file in (path, *parts) if file.exists()]


def give_back(path: Path, *, before: int) -> None:
    """Delete the files of a block that hold zones before a number only."""
    for number in range(before // TOGETHER):
        _part(path, number).unlink(missing_ok=True)
    if before == GROUPS:
        path.unlink(missing_ok=True)


def _part(path: Path, number: int) -> Path:
    return path.with_suffix(f".{number}{path.suffix}")


def _batch(rows: pa.Table) -> pa.RecordBatch:
    return rows.combine_chunks().to_batches(max_chunksize=len(rows))[0]


def _write(path: Path, batch: pa.RecordBatch, edges: Sequence[int]) -> None:
    """Write the rows between edges, a batch from each edge to the next."""
    packed = ipc.IpcWriteOptions(compression="zstd")
    with ipc.new_file(path, batch.schema, options=packed) as out:
        for first, last in pairwise(edges):
            out.write_batch(batch.slice(first, last - first))


def _narrow(rows: pa.Table) -> pa.Table:
    """Return the columns that hold something, codes as narrow as they can be."""
    held = {}
    for name in rows.column_names:
        column = rows[name].chunk(0)
        if column.null_count == len(column):
            continue
        if pa.types.is_dictionary(column.type):
            most = len(column.dictionary)
            if most * _SELDOM > len(column):
                held[name] = column.cast(pa.string())
                continue
            kind = pa.int8() if most < 2**7 else pa.int16() if most < 2**15 else pa.int32()
            column = with_codes(column, kind)
        held[name] = column
    return pa.table(held)


def read_block(path: Path, zone: int | None = None) -> pa.Table:
    """Return the rows of a block, or those of one zone of it, in their order, with their places in it."""
    if not path.exists():
        return _spread(path) if zone is None else _one_zone(path, zone)
    rows = _whole(path)
    if zone is None:
        return rows
    mine: NDArray[np.bool_] = group_of(hash64(one(rows["entity"]))) == zone
    return rows.filter(pa.array(mine))


def _spread(path: Path) -> pa.Table:
    """Return the rows of all zones."""
    rows = joined([_whole(_part(path, number)) for number in range(_FILES)])
    return rows.take(pa.array(np.argsort(rows[PLACE].to_numpy(), kind="stable")))


def _one_zone(path: Path, zone: int) -> pa.Table:
    part = _part(path, zone // TOGETHER)
    with pa.memory_map(str(part)) as held, ipc.open_file(held) as reader:
        return pa.Table.from_batches([reader.get_batch(zone % TOGETHER)])


def _whole(path: Path) -> pa.Table:
    with pa.memory_map(str(path)) as held, ipc.open_file(held) as reader:
        return reader.read_all()
