"""Parquet files as batches of raw rows, row group by row group, nested fields as columns of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pathworth.base.errors import BadInput
from pathworth.collect.readers.rows import START, Place, RawRows
from pathworth.collect.texts.canonical import binary_texts

ROWS = 1 << 17
BUFFER = 1 << 20
DEPTH = 3
CODED_BYTES = 4
"""Texts of fewer bytes a row than this are codes with a small dictionary."""


def open_parquet(path: Path) -> pq.ParquetFile:
    """Open a Parquet file so that it is read through small buffers.

    Raises
    ------
    BadInput
        ``BROKEN_PARQUET`` when the end of the file, where its contents are listed, is not there.
    """
    try:
        held = pq.read_metadata(path)
        return pq.ParquetFile(
            path, metadata=held, read_dictionary=coded(held), buffer_size=BUFFER, pre_buffer=False
        )
    except (pa.ArrowException, OSError) as error:
        raise _broken(path, error) from error


def coded(held: pq.FileMetaData) -> list[str]:
    """Return the columns of texts that lie in the file as codes, and are best read as such."""
    sizes: dict[str, list[int]] = {}
    for group in range(held.num_row_groups):
        part = held.row_group(group)
        for k in range(part.num_columns):
            column = part.column(k)
            size = sizes.setdefault(column.path_in_schema, [0, 0])
            size[0] += column.total_uncompressed_size
            size[1] += column.num_values
    texts = [held.schema.column(k) for k in range(held.num_columns)]
    return [
        column.path
        for column in texts
        if column.logical_type.type == "STRING"
        and column.path == column.name
        and sizes.get(column.path, [0, 0])[0] < CODED_BYTES * sizes.get(column.path, [0, 0])[1]
    ]


def read_parquet(path: Path, *, after: Place = START) -> Iterator[RawRows]:
    """Read a Parquet file batch by batch, from a place on."""
    size = path.stat().st_size
    with open_parquet(path) as file:
        total, done = file.metadata.num_rows, 0
        for groups, count in _packs(file.metadata):
            if done + count <= after.rows:
                done += count
                continue
            for batch in _batches(file, groups, path):
                rows = np.arange(done + 1, done + 1 + batch.num_rows, dtype=np.int64)
                done += batch.num_rows
                if done <= after.rows:
                    continue
                position = size * done // max(total, 1)
                yield RawRows(rows, flat_columns(batch), (), position, Place(done))


def _packs(held: pq.FileMetaData) -> Iterator[tuple[list[int], int]]:
    """Yield row groups that are read together, and their rows, so that small groups make no small batches."""
    groups: list[int] = []
    count = 0
    for group in range(held.num_row_groups):
        groups.append(group)
        count += held.row_group(group).num_rows
        if count >= ROWS:
            yield groups, count
            groups, count = [], 0
    if groups:
        yield groups, count


def _batches(file: pq.ParquetFile, groups: list[int], path: Path) -> Iterator[pa.RecordBatch]:
    batches = file.iter_batches(batch_size=ROWS, row_groups=groups, use_threads=False)
    while True:
        try:
            batch = next(batches, None)
        except (pa.ArrowException, OSError) as error:
            raise _broken(path, error) from error
        if batch is None:
            return
        yield batch


def flat_columns(batch: pa.RecordBatch) -> dict[str, pa.Array]:
    """Return the columns of a batch with the fields of structs as ``outer.inner``, three levels deep."""
    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    for _ in range(DEPTH - 1):
        columns = {
            name: column for outer in columns.items() for name, column in _fields(*outer).items()
        }
    return columns


def _fields(name: str, column: pa.Array) -> dict[str, pa.Array]:
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    if not pa.types.is_struct(column.type):
        return {name: _plain(column)}
    names = [f"{name}.{field.name}" for field in column.type]
    return dict(zip(names, column.flatten(), strict=True))


def _plain(column: pa.Array) -> pa.Array:
    """Return texts of every kind as ``string``: older tools write them as bytes without saying so."""
    kind = column.type
    if kind in {pa.string_view(), pa.large_string()}:
        return column.cast(pa.string())
    if pa.types.is_fixed_size_binary(kind) or kind in {
        pa.binary(),
        pa.large_binary(),
        pa.binary_view(),
    }:
        return binary_texts(column)
    return column


def _broken(path: Path, error: Exception) -> BadInput:
    return BadInput(
        "BROKEN_PARQUET",
        f"{path.name} is not a whole Parquet file: {str(error).splitlines()[0][:200]}",
        "It was probably cut off while being copied or written; copy or write it again.",
    )
