"""Rows of the lake as shards are built from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pathworth.store.lake import PREFIX, LakeFile


def filled_counts(folder: Path, files: Sequence[LakeFile]) -> dict[str, int]:
    """Return how many rows hold each property column of the lake, from the footers of the files."""
    counts: dict[str, int] = {}
    for file in files:
        held = pq.read_metadata(folder / file.path)
        for group in range(held.num_row_groups):
            part = held.row_group(group)
            for k in range(part.num_columns):
                column = part.column(k)
                if column.path_in_schema.startswith(PREFIX):
                    filled = column.num_values - column.statistics.null_count
                    counts[column.path_in_schema] = counts.get(column.path_in_schema, 0) + filled
    return counts


def read_files(
    folder: Path, files: Sequence[LakeFile], *, columns: Sequence[str], texts: Sequence[str]
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of files in order, a part at a time; texts come dictionary-encoded.

    Parameters
    ----------
    columns
        Columns to read; one that a file lacks is missing from its batches.
    texts
        Those of them that are texts.
    """
    for file in files:
        there = set(pq.read_schema(folder / file.path).names)
        coded = [name for name in texts if name in there]
        wanted = [name for name in columns if name in there]
        with pq.ParquetFile(folder / file.path, read_dictionary=coded, pre_buffer=False) as held:
            yield from held.iter_batches(batch_size=131_072, columns=wanted)
