"""Rows whose event another import holds: kept aside with their numbers, in case that import is undone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pathworth.store.lake import FIXED

_PROPERTY = "property:"
_HELD = (
    *(pair for pair in FIXED if pair[0] != "import_id"),
    ("high", pa.uint64()),
    ("low", pa.uint64()),
)
_BATCH = 131_072


class ShadowWriter:
    """Writes the shadowed rows of one import; the file is made with the first of them.

    Parameters
    ----------
    path
        The file.
    properties
        Names of all properties that rows may have.
    """

    def __init__(self, path: Path, properties: Sequence[str]) -> None:
        self._path = path
        own = [(f"{_PROPERTY}{name}", pa.string()) for name in sorted(properties)]
        self._schema = pa.schema([*_HELD, *own])
        self._out: pq.ParquetWriter | None = None

    def write(self, rows: pa.Table) -> None:
        """Write rows with the lake's columns, ``high`` and ``low``; properties under their own names."""
        if self._out is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            hashes = {"digest", "content", "high", "low", "message_id"}
            self._out = pq.ParquetWriter(
                self._path,
                self._schema,
                compression="zstd",
                compression_level=1,
                use_dictionary=[n for n in self._schema.names if n not in hashes],
            )
        self._out.write_table(self._shaped(rows))

    def close(self) -> None:
        """Finish the file, when there is one."""
        if self._out is not None:
            out, self._out = self._out, None
            out.close()

    def abandon(self) -> None:
        """Let go of a file half written."""
        with suppress(OSError):
            self.close()

    def _shaped(self, rows: pa.Table) -> pa.Table:
        held = set(rows.column_names)
        arrays = []
        for field in self._schema:
            name = field.name.removeprefix(_PROPERTY)
            there = name in held
            arrays.append(rows[name].cast(field.type) if there else pa.nulls(len(rows), field.type))
        return pa.Table.from_arrays(arrays, schema=self._schema)


def shadowed_ids(path: Path) -> Iterator[dict[str, NDArray]]:
    """Yield the ids of shadowed rows in their order: ``row``, ``high``, ``low``, ``content``."""
    first = 0
    with pq.ParquetFile(path) as held:
        for batch in held.iter_batches(_BATCH, columns=["high", "low", "content"]):
            found = {name: batch[name].to_numpy() for name in ("high", "low", "content")}
            found["content"] = found["content"].view(np.uint64)
            yield {"row": np.arange(first, first + len(batch)), **found}
            first += len(batch)


def shadowed_rows(path: Path, chosen: NDArray[np.int64]) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Yield rows with the names that ``write`` takes, part by part: those chosen, and the others.

    Parameters
    ----------
    path
        The file.
    chosen
        int64[n]: places of rows, ascending.
    """
    first = 0
    with pq.ParquetFile(path) as held:
        for batch in held.iter_batches(_BATCH):
            rows = pa.Table.from_batches([batch])
            rows = rows.rename_columns([n.removeprefix(_PROPERTY) for n in rows.column_names])
            a, b = np.searchsorted(chosen, [first, first + len(rows)])
            mask = np.zeros(len(rows), dtype=np.bool_)
            mask[chosen[a:b] - first] = True
            yield rows.filter(pa.array(mask)), rows.filter(pa.array(~mask))
            first += len(batch)


def shadowed_properties(path: Path) -> list[str]:
    """Return the names of the properties in a file of shadowed rows."""
    names = pq.read_schema(path).names
    return [n.removeprefix(_PROPERTY) for n in names if n.startswith(_PROPERTY)]
