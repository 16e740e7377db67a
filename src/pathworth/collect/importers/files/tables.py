"""Rows that code reads one by one as batches of raw rows, for files that no plain reader reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pyarrow as pa

from pathworth.collect.readers import START, Place, RawRows

ROWS = 20_000
Row = dict[str, str | None]


def batches(
    rows: Iterable[Row], *, position: Callable[[], int], after: Place = START
) -> Iterator[RawRows]:
    """Yield rows in batches, from a place on; those before it are read over.

    Parameters
    ----------
    rows
        Cells by the names of their columns, in the order of the file.
    position
        Tells how many bytes of the file have been read.
    """
    done = 0
    held: list[Row] = []
    for row in rows:
        held.append(row)
        if len(held) == ROWS:
            done += len(held)
            if done > after.rows:
                yield _batch(held, done, position())
            held = []
    if held and done + len(held) > after.rows:
        yield _batch(held, done + len(held), position())


def _batch(rows: list[Row], done: int, position: int) -> RawRows:
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
    numbers = np.arange(done - len(rows) + 1, done + 1, dtype=np.int64)
    return RawRows(numbers, columns, (), position, Place(done))
