"""One way to read any file: the reader of its kind, chosen by its shape."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pathworth.collect.readers.csv_rows import read_csv
from pathworth.collect.readers.json_rows import read_jsonl
from pathworth.collect.readers.parquet_rows import read_parquet
from pathworth.collect.readers.rows import START, Place, RawRows
from pathworth.collect.readers.shape import Shape


def read_rows(path: Path, shape: Shape, *, after: Place = START) -> Iterator[RawRows]:
    """Read a file batch by batch.

    Parameters
    ----------
    path
        The file.
    shape
        What ``shape_of`` said about it.
    after
        The place of the batch behind which reading goes on; the batches are the same as without it.

    Raises
    ------
    BadInput
        When the file as a whole breaks off: ``BROKEN_PARQUET``, ``BROKEN_COMPRESSION``, ``LINE_TOO_LONG``.
    """
    if shape.kind == "parquet":
        return read_parquet(path, after=after)
    read = read_csv if shape.kind == "csv" else read_jsonl
    return read(path, shape, after=after)
