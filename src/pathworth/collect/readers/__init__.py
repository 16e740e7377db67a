"""Files as batches of raw rows: CSV, JSONL, Parquet, in memory that does not grow with them."""

from pathworth.collect.readers.json_rows import peek_columns
from pathworth.collect.readers.reading import read_rows
from pathworth.collect.readers.rows import START, Place, RawRows, Torn
from pathworth.collect.readers.shape import Shape, shape_of

__all__ = [
    "START",
    "Place",
    "RawRows",
    "Shape",
    "Torn",
    "peek_columns",
    "read_rows",
    "shape_of",
]
