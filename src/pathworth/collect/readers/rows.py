"""What every reader gives: batches of raw rows in file order, and the rows that could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


@dataclass(frozen=True)
class Torn:
    """A row that could not be read at all: its record number, why, and its text."""

    row: int
    code: str
    reason: str
    raw: str


@dataclass(frozen=True)
class Place:
    """Where reading a file goes on.

    Parameters
    ----------
    rows
        Records before it, the header not counted.
    read, rest
        Bytes of a text file, decompressed, that have been read, and how many of those, decoded, are left for what
        comes next; both 0 where files know their rows.
    known
        What the reader has learned of the file's columns, as text.
    """

    rows: int = 0
    read: int = 0
    rest: int = 0
    known: str = ""


START = Place()


@dataclass(frozen=True)
class RawRows:
    """A batch of rows as the file holds them.

    Parameters
    ----------
    row
        int64[n]: record numbers in the file, from 1, the header not counted.
    columns
        Arrays [n] by column name; nested fields are ``outer.inner``.
    torn
        Rows around these that could not be read.
    position
        Bytes of the file (as it lies on disk) that have been read so far.
    place
        Where reading goes on behind them.
    """

    row: NDArray[np.int64]
    columns: Mapping[str, pa.Array]
    torn: tuple[Torn, ...]
    position: int
    place: Place = START
