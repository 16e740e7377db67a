"""Rows of an import as they are handed in, set aside on disk until it is known which of them are new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pyarrow import ipc

from pathworth.base.errors import WrongUsage
from pathworth.store.fingerprints import PARTITIONS
from pathworth.store.shards.spool import Spool
from pathworth.store.texts import content_hashes, group_of, hash64, split_digests

FIXED = pa.schema(
    [
        ("file", pa.int32()),
        ("row", pa.int64()),
        ("entity", pa.string()),
        ("name", pa.string()),
        ("time_us", pa.int64()),
        ("digest", pa.binary(16)),
        ("message_id", pa.string()),
        ("value", pa.int64()),
        ("cost", pa.int64()),
        ("currency", pa.string()),
    ]
)
REJECTS = pa.schema(
    [
        ("file", pa.int32()),
        ("row", pa.int64()),
        ("code", pa.string()),
        ("reason", pa.string()),
        ("raw", pa.string()),
    ]
)
NUMBERED = pa.schema([("seq", pa.int64()), ("source", pa.string()), ("content", pa.uint64())])
"""Further columns of events that were numbered on arrival; their digests are final."""
_NEEDED = ("file", "row", "entity", "name", "time_us", "digest")
_CHUNK = 262_144
_HIGH, _LOW = 1, 2


def shaped(batch: pa.RecordBatch | pa.Table) -> pa.Table:
    """Return rows with the fixed columns in their types and every property as text.

    Raises
    ------
    WrongUsage
        ``BAD_BATCH`` when a fixed column is missing, or null where every row needs it.
    """
    missing = [name for name in FIXED.names if name not in batch.schema.names]
    if missing:
        raise WrongUsage(
            "BAD_BATCH",
            f"The batch lacks {', '.join(missing)}.",
            f"Every batch has the columns {', '.join(FIXED.names)}.",
        )
    null = [name for name in _NEEDED if batch.column(name).null_count]
    if null:
        raise WrongUsage(
            "BAD_BATCH",
            f"The batch holds rows without {', '.join(null)}.",
            "Reject such rows with a reason instead of adding them.",
        )
    fields = [_field(name) for name in batch.schema.names]
    arrays = [batch.column(f.name).cast(f.type) for f in fields]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _field(name: str) -> pa.Field:
    for schema in (FIXED, NUMBERED):
        if name in schema.names:
            return schema.field(name)
    return pa.field(name, pa.string())


class Payload:
    """Rows in the order in which they come, and their ids spread over the partitions of the fingerprints.

    Parameters
    ----------
    folder
        Where they are set aside.
    files
        How many files the import has.
    source
        Part of every event's identity.
    hashed
        Whether ids are hashes of rows; else what a row says is hashed too, to tell a retry that differs.
    numbered
        Whether rows are events that were numbered on arrival and have the columns of ``NUMBERED``.
    """

    def __init__(
        self, folder: Path, files: int, *, source: str, hashed: bool, numbered: bool = False
    ) -> None:
        self.folder, self.hashed, self.numbered = folder, hashed, numbered
        self.rows = self._file = 0
        self.properties: set[str] = set()
        self.per_file = np.zeros(files, dtype=np.int64)
        self.ids = Spool(folder / "ids", PARTITIONS)
        self._salt = (np.uint64(0), np.uint64(0)) if numbered else salt(source)
        self._waiting: list[pa.Table] = []
        self._chunks: list[int] = []

    def add(self, rows: pa.Table) -> None:
        """Take rows that ``shaped`` has seen."""
        self.properties.update(set(rows.column_names) - set(FIXED.names) - self._apart)
        self._waiting.append(rows)
        if sum(len(waiting) for waiting in self._waiting) >= _CHUNK:
            self.flush()

    @property
    def _apart(self) -> set[str]:
        return set(NUMBERED.names) if self.numbered else set()

    def flush(self) -> None:
        """Set aside what waits."""
        if not self._waiting:
            return
        rows = pa.concat_tables(self._waiting, promote_options="default").combine_chunks()
        self._waiting = []
        if len(rows):
            self._set_aside(rows)

    def chunks(self) -> Iterator[tuple[int, pa.Table]]:
        """Yield the rows again, each chunk with the number of its first row; its disk is given back."""
        first = 0
        for k, count in enumerate(self._chunks):
            path = self._path(k)
            with ipc.open_file(path) as reader:
                yield first, reader.read_all()
            path.unlink()
            first += count

    def _set_aside(self, rows: pa.Table) -> None:
        high, low = split_digests(rows["digest"].chunk(0))
        high, low = high ^ self._salt[0], low ^ self._salt[1]
        content: NDArray = np.zeros(len(rows), dtype=np.uint64)
        if self.numbered:
            content = rows["content"].to_numpy().copy()
            rows = rows.drop_columns(["content"])
        elif not self.hashed:
            content = said(rows)
        file = self._in_order(rows["file"].to_numpy())
        self.per_file += np.bincount(file, minlength=len(self.per_file))
        number = np.arange(self.rows, self.rows + len(rows))
        ids: dict[str, NDArray] = {
            "row": number,
            "file": file,
            "high": high,
            "low": low,
            "content": content,
        }
        self.ids.spread(group_of(high), ids)
        kept = rows.drop_columns(["file", "row", "digest"])
        for name, words in (("high", high), ("low", low), ("content", content)):
            kept = kept.append_column(name, pa.array(words))
        options = ipc.IpcWriteOptions(compression="lz4")
        with ipc.new_file(self._path(len(self._chunks)), kept.schema, options=options) as out:
            out.write_table(kept)
        self._chunks.append(len(rows))
        self.rows += len(rows)

    def _in_order(self, file: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the files of rows when they come one after the other, as numbers of twins rely on it."""
        if file[0] < self._file or (np.diff(file) < 0).any():
            raise WrongUsage(
                "BAD_BATCH",
                "Rows of an earlier file came after those of a later one.",
                "Add the rows of one file after the other, each file's in the order of its rows.",
            )
        self._file = int(file[-1])
        return file

    def _path(self, chunk: int) -> Path:
        return self.folder / f"rows-{chunk:06d}.arrow"


class Rejects:
    """Rows that could not be read, kept with their reason."""

    def __init__(self, path: Path, files: int) -> None:
        self._path = path
        self._out: pq.ParquetWriter | None = None
        self.per_file = np.zeros(files, dtype=np.int64)

    def add(self, batch: pa.RecordBatch) -> None:
        """Take rejected rows: ``file``, ``row``, ``code``, ``reason``, ``raw``."""
        rows = pa.Table.from_batches([batch]).select(REJECTS.names).cast(REJECTS)
        if self._out is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._out = pq.ParquetWriter(self._path, REJECTS, compression="zstd")
        self._out.write_table(rows)
        self.per_file += np.bincount(rows["file"].to_numpy(), minlength=len(self.per_file))

    def close(self) -> None:
        """Finish the file, when there is one."""
        if self._out is not None:
            out, self._out = self._out, None
            out.close()

    def abandon(self) -> None:
        """Let go of the file, half written or not."""
        with suppress(OSError):
            self.close()

    @property
    def rows(self) -> int:
        """Return how many rows were rejected."""
        return int(self.per_file.sum())


def salt(source: str) -> tuple[np.uint64, np.uint64]:
    """Return the words that make the id of an event of one source differ from that of another."""
    return hash64([source], _HIGH)[0], hash64([source], _LOW)[0]


def said(rows: pa.Table) -> NDArray[np.uint64]:
    """Return uint64[n]: one hash of all that each row says, its place in the file apart."""
    whole = rows.combine_chunks()
    names = [n for n in whole.column_names if n not in {"file", "row", "digest"}]
    return content_hashes({name: whole[name].chunk(0) for name in names})


def read_rejects(path: Path, files: Sequence[str]) -> pa.Table:
    """Return rejected rows with the path of their file: ``path``, ``row``, ``code``, ``reason``, ``raw``."""
    rows = pq.read_table(path) if path.exists() else REJECTS.empty_table()
    names: NDArray = np.array([*files, ""], dtype=object)
    paths = pa.array(names[rows["file"].to_numpy()], pa.string())
    return rows.set_column(0, "path", paths)
