"""Rows of an import as they are handed in, set aside on disk until it is known which of them are new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pathworth.base.errors import WrongUsage
from pathworth.base.threads import InOrder
from pathworth.store.aside.blocks import joined, one, read_block, write_block
from pathworth.store.fingerprints import PARTITIONS
from pathworth.store.shards.spool import Sorted, Spool, by_part
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
_DROPPED = ("file", "row", "digest", "content")
_CHUNK = 393_216
_HIGH, _LOW = 1, 2


def shaped(batch: pa.RecordBatch | pa.Table) -> pa.Table:
    """Return rows with the fixed columns in their types and every property as text, coded or not.

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
    return pa.table({name: _typed(name, batch.column(name)) for name in batch.schema.names})


def _typed(name: str, column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Return a column in the type that its name asks for; codes of texts stay codes."""
    known = next((s.field(name) for s in (FIXED, NUMBERED) if name in s.names), None)
    kind = pa.string() if known is None else known.type
    coded = pa.types.is_dictionary(column.type) and pa.types.is_string(column.type.value_type)
    return column if coded and kind == pa.string() else column.cast(kind)


@dataclass(frozen=True)
class Block:
    """Rows that lie in one file: the number of the first of them in the import, and how many they are."""

    path: Path
    first: int
    rows: int


class Payload:
    """Rows in the order in which they come, set aside block by block, and their ids by partition.

    Blocks are written by other threads; what is wrong with one is told when a later one is added, or by ``flush``.

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
        self.blocks: list[Block] = []
        self._salt = (np.uint64(0), np.uint64(0)) if numbered else salt(source)
        self._apart = {*FIXED.names, *(NUMBERED.names if numbered else ())}
        self._waiting: list[pa.Table] = []
        self._writing = InOrder(self._set_aside, self._keep)

    def add(self, rows: pa.Table) -> None:
        """Take rows that ``shaped`` has seen."""
        if not len(rows):
            return
        file = self._in_order(rows["file"].to_numpy())
        self.per_file += np.bincount(file, minlength=len(self.per_file))
        self.properties.update(set(rows.column_names) - self._apart)
        self._waiting.append(rows)
        if sum(len(waiting) for waiting in self._waiting) >= _CHUNK:
            self._put()

    def flush(self) -> None:
        """Set aside what waits, and return when it lies there."""
        self._put()
        self._writing.finish()

    def close(self) -> None:
        """Let go of threads and open files."""
        self._writing.close()
        self.ids.close()

    def chunks(self, zone: int | None = None) -> Iterator[tuple[Block, pa.Table]]:
        """Yield the rows again, block by block, all of them or those of one zone."""
        for block in self.blocks:
            yield block, read_block(block.path, zone)

    def clear(self) -> None:
        """Give the disk back that the rows take."""
        for block in self.blocks:
            block.path.unlink(missing_ok=True)

    def _put(self) -> None:
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        count = sum(len(rows) for rows in waiting)
        path = self.folder / f"rows-{len(self.blocks):06d}.arrow"
        block = Block(path, self.rows, count)
        self.blocks.append(block)
        self.rows += count
        self._writing.put((block, waiting))

    def _set_aside(self, item: tuple[Block, list[pa.Table]]) -> Sorted:
        """Write a block and return its rows' ids by partition."""
        block, tables = item
        rows = joined(tables)
        high, low = split_digests(one(rows["digest"]))
        words: dict[str, NDArray] = {"high": high ^ self._salt[0], "low": low ^ self._salt[1]}
        if self.numbered:
            words["content"] = rows["content"].to_numpy()
        elif not self.hashed:
            words["content"] = said(rows)
        kept = rows.drop_columns([n for n in rows.column_names if n in _DROPPED])
        for name, values in words.items():
            kept = kept.append_column(name, pa.array(values))
        write_block(block.path, kept)
        words["row"] = np.arange(block.first, block.first + block.rows)
        return by_part(group_of(words["high"]), PARTITIONS, columns=words)

    def _keep(self, ids: Sorted) -> None:
        self.ids.take(ids)

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
