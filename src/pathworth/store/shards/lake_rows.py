"""Rows of the lake as shards are built from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pathworth.store.lake import PREFIX, LakeFile
from pathworth.store.shared import footer, present

PLAIN = ("seq", "time", "value", "cost")
"""The columns of rows that every build reads, texts apart."""


def filled_counts(folder: Path, files: Sequence[LakeFile]) -> dict[str, int]:
    """Return how many rows hold each property column of the lake, from the footers of the files."""
    counts: dict[str, int] = {}
    for file in files:
        held = footer(folder / file.path)
        for group in range(held.num_row_groups):
            part = held.row_group(group)
            for k in range(part.num_columns):
                column = part.column(k)
                if column.path_in_schema.startswith(PREFIX):
                    filled = column.num_values - column.statistics.null_count
                    counts[column.path_in_schema] = counts.get(column.path_in_schema, 0) + filled
    return counts


@dataclass(frozen=True)
class Part:
    """A row group of a file of the lake."""

    path: Path
    group: int


def parts_of(folder: Path, files: Sequence[LakeFile]) -> Iterator[Part]:
    """Yield the parts of files, in the order of files and rows."""
    for file in files:
        for group in range(footer(folder / file.path).num_row_groups):
            yield Part(folder / file.path, group)


def read_part(part: Part, *, columns: Sequence[str], texts: Sequence[str]) -> pa.Table:
    """Return the rows of a part; texts come dictionary-encoded.

    Parameters
    ----------
    columns
        Columns to read; one that the file lacks is missing.
    texts
        Those of them that are texts.
    """
    path = present(part.path)
    there = set(pq.read_schema(path).names)
    coded = [name for name in texts if name in there]
    wanted = [name for name in columns if name in there]
    with pq.ParquetFile(path, read_dictionary=coded, pre_buffer=False) as held:
        return held.read_row_group(part.group, columns=wanted, use_threads=False)
