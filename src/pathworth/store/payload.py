"""Rows of an import as they are handed in, set aside on disk until it is known which of them are new."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pathworth.base.errors import WrongUsage
from pathworth.base.threads import InOrder, in_order, processors
from pathworth.store.aside.blocks import (
    PLACE,
    block_files,
    give_back,
    joined,
    one,
    read_block,
    write_block,
)
from pathworth.store.aside.logbook import Begun, BlockDone, Cleared, Logbook
from pathworth.store.contracts import GROUPS
from pathworth.store.erasing.suppressed import CODE, NOBODY_ERASED, REASON, ErasedIds
from pathworth.store.files import sync_file
from pathworth.store.fingerprints import PARTITIONS
from pathworth.store.keeping.ages import (
    CODE as OLD_CODE,
    NOTHING_OLD,
    REASON as OLD_REASON,
    TooOld,
)
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
    kind = FIXED.field(name).type if name in FIXED.names else pa.string()
    coded = pa.types.is_dictionary(column.type) and pa.types.is_string(column.type.value_type)
    return column if coded and kind == pa.string() else column.cast(kind)


@dataclass(frozen=True)
class Block:
    """Rows that lie together: the number of the first of them in the import, and how many they are."""

    path: Path
    first: int
    rows: int


@dataclass(frozen=True)
class _Waiting:
    """Rows, refused ones beside them, on their way into a block, and what reads on behind them."""

    block: Block
    rows: list[pa.Table]
    rejects: list[pa.Table]
    mark: str


@dataclass(frozen=True)
class _Lying:
    """A block that is on the disk, and the ids of its rows by partition."""

    done: BlockDone
    ids: Sorted


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
    logbook
        Where blocks are noted that are on the disk for good; those that it names are there from the beginning.
    erased
        Whose rows are refused.
    old
        Which events are older than they are kept, and refused.
    """

    def __init__(
        self,
        folder: Path,
        files: int,
        *,
        source: str,
        hashed: bool,
        logbook: Logbook | None = None,
        erased: ErasedIds = NOBODY_ERASED,
        old: TooOld = NOTHING_OLD,
    ) -> None:
        self.folder, self.hashed = folder, hashed
        self.rows = self._file = 0
        self.properties: set[str] = set()
        self.per_file, self.rejected = (np.zeros(files, dtype=np.int64) for _ in range(2))
        self.blocks: list[Block] = []
        self.marks: list[str] = []
        shutil.rmtree(folder / "ids", ignore_errors=True)
        self.ids = Spool(folder / "ids", PARTITIONS)
        self._logbook, self._erased = logbook, erased
        self._old, self._source = old, source
        self._salt = salt(source)
        self._waiting: list[pa.Table] = []
        self._rejects: list[pa.Table] = []
        self._counted = self._found = 0
        self._writing = InOrder(self._set_aside, self._keep)
        if logbook is not None:
            self._find(logbook)

    def add(self, rows: pa.Table, mark: Callable[[], str] | None = None) -> None:
        """Take rows that ``shaped`` has seen, and those refused before them.

        Parameters
        ----------
        mark
            Tells, when a block ends here, how reading goes on behind it.
        """
        rows = self._known(rows)
        if len(rows):
            self._file = _in_order(rows["file"].to_numpy(), self._file)
            self._waiting.append(rows)
            self._counted += len(rows)
        if self._counted >= _CHUNK:
            self._put(mark, self._writing.put)

    def _known(self, rows: pa.Table) -> pa.Table:
        """Refuse the rows of people who were erased, and what is too old, with nothing of what they say."""
        rows = self._without(rows, self._erased.which(rows["entity"]), (CODE, REASON))
        if not self._old:
            return rows
        old = self._old.which(self._source, rows["time_us"].to_numpy())
        return self._without(rows, old, (OLD_CODE, OLD_REASON))

    def _without(self, rows: pa.Table, gone: NDArray[np.bool_], why: tuple[str, str]) -> pa.Table:
        if not gone.any():
            return rows
        refused = rows.filter(pa.array(gone)).select(["file", "row"])
        for name, text in (("code", why[0]), ("reason", why[1]), ("raw", "")):
            refused = refused.append_column(name, pa.array([text] * len(refused), pa.string()))
        self.reject(refused.combine_chunks().to_batches()[0])
        return rows.filter(pa.array(~gone))

    def reject(self, batch: pa.RecordBatch) -> None:
        """Take rows that could not be read: ``file``, ``row``, ``code``, ``reason``, ``raw``."""
        self._rejects.append(pa.Table.from_batches([batch]).select(REJECTS.names).cast(REJECTS))
        self._counted += batch.num_rows

    def flush(self, mark: Callable[[], str] | None = None) -> None:
        """Set aside what waits, and return when it lies there."""
        self._writing.finish()
        self._put(mark, lambda waiting: self._keep(self._set_aside(waiting)))

    def close(self) -> None:
        """Let go of threads and open files."""
        self._writing.close()
        self.ids.close()

    def chunks(self, zone: int | None = None) -> Iterator[tuple[Block, pa.Table]]:
        """Yield the rows again, block by block, all of them or those of one zone."""
        for block in self.blocks:
            if block.rows:
                yield block, read_block(block.path, zone)

    def write_rejects(self, path: Path) -> None:
        """Write the refused rows into one file, when there are any."""
        found = (_rejects_of(block) for block in self.blocks)
        tables = (read_block(part).drop_columns([PLACE]) for part in found if block_files(part))
        first = next(tables, None)
        if first is None:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with pq.ParquetWriter(path, REJECTS, compression="zstd") as out:
            for table in (first, *tables):
                out.write_table(joined([REJECTS.empty_table(), table]).cast(REJECTS))

    def clear(self, *, before: int = GROUPS) -> None:
        """Give the disk back that the rows of zones before a number take, as far as they lie apart.

        Nothing is asked of those rows from then on; refused ones stay.
        """
        if self._logbook is not None and not self._logbook.of(Cleared):
            self._logbook.note(Cleared())
        for block in self.blocks:
            give_back(block.path, before=before)

    def find_ids(self) -> None:
        """Set the ids of kept blocks aside again, before those of later ones, as they lay there; once is enough."""
        held = [block for block in self.blocks[: self._found] if block.rows]
        self._found = 0
        for ids in in_order(self._ids_again, held, threads=processors(self.rows)):
            self.ids.take(ids)

    def _put(self, mark: Callable[[], str] | None, write: Callable[[_Waiting], None]) -> None:
        if not self._counted:
            return
        rows = sum(len(table) for table in self._waiting)
        path = self.folder / f"rows-{len(self.blocks):06d}.arrow"
        waiting = _Waiting(
            Block(path, self.rows, rows), self._waiting, self._rejects, mark() if mark else ""
        )
        self._waiting, self._rejects, self._counted = [], [], 0
        self.blocks.append(waiting.block)
        self.rows += rows
        write(waiting)

    def _set_aside(self, waiting: _Waiting) -> _Lying:
        """Write a block and return its rows' ids by partition."""
        block = waiting.block
        rows, rejects = joined([FIXED.empty_table(), *waiting.rows]), waiting.rejects
        high, low = split_digests(one(rows["digest"]))
        words: dict[str, NDArray] = {"high": high ^ self._salt[0], "low": low ^ self._salt[1]}
        if not self.hashed:
            words["content"] = said(rows)
        kept = rows.drop_columns([n for n in rows.column_names if n in _DROPPED])
        for name, values in words.items():
            kept = kept.append_column(name, pa.array(values))
        paths = []
        if block.rows:
            write_block(block.path, kept)
            paths += block_files(block.path)
        if rejects:
            write_block(_rejects_of(block), joined(rejects))
            paths += block_files(_rejects_of(block))
        if self._logbook is not None:
            for path in paths:
                sync_file(path)
        files = len(self.per_file)
        done = BlockDone(
            rows=block.rows,
            bytes=sum(path.stat().st_size for path in paths),
            per_file=_per_file(waiting.rows, files),
            rejected=_per_file(rejects, files),
            properties=tuple(sorted(set(rows.column_names) - set(FIXED.names))),
            mark=waiting.mark,
        )
        return _Lying(done, _by_partition(block, words))

    def _keep(self, lying: _Lying) -> None:
        self.find_ids()
        self.ids.take(lying.ids)
        self._count(lying.done)
        if self._logbook is not None:
            self._logbook.note(lying.done)

    def _count(self, done: BlockDone) -> None:
        self.properties.update(done.properties)
        self.per_file += np.array(done.per_file, dtype=np.int64)
        self.rejected += np.array(done.rejected, dtype=np.int64)
        self.marks.append(done.mark)

    def _find(self, logbook: Logbook) -> None:
        """Take over the blocks that the logbook names; whatever else lies there is of no use."""
        gone = bool(logbook.of(Cleared))
        lines = logbook.of(BlockDone)
        for number, done in enumerate(lines):
            block = Block(self.folder / f"rows-{number:06d}.arrow", self.rows, done.rows)
            if not gone and sum(path.stat().st_size for path in _files_of(block)) != done.bytes:
                # It was damaged after it had been written: what follows is read again.
                logbook.keep([*logbook.of(Begun), *lines[:number]])
                break
            self.blocks.append(block)
            self.rows += done.rows
            self._count(done)
            self._file = max([self._file, *np.flatnonzero(done.per_file).tolist()])
        self._found = len(self.blocks)
        known = {path for block in self.blocks for path in _files_of(block)}
        for path in self.folder.glob("*-??????*.arrow"):
            if path not in known:
                path.unlink()

    def _ids_again(self, block: Block) -> Sorted:
        names = ("high", "low") if self.hashed else ("high", "low", "content")
        rows = read_block(block.path)
        return _by_partition(block, {name: rows[name].to_numpy() for name in names})


def _by_partition(block: Block, words: dict[str, NDArray]) -> Sorted:
    """Return the ids of a block's rows, and the rows' numbers, by partition."""
    last = block.first + block.rows
    row = np.arange(block.first, last, dtype=np.uint32 if last < 2**32 else np.int64)
    return by_part(group_of(words["high"]), PARTITIONS, columns={**words, "row": row})


def _files_of(block: Block) -> list[Path]:
    return [*block_files(block.path), *block_files(_rejects_of(block))]


def _rejects_of(block: Block) -> Path:
    return block.path.with_name(block.path.name.replace("rows", "rejects"))


def _per_file(tables: Sequence[pa.Table], files: int) -> tuple[int, ...]:
    """Return how many rows each file of the import has in tables."""
    counts = np.zeros(files, dtype=np.int64)
    for table in tables:
        counts += np.bincount(table["file"].to_numpy(), minlength=files)
    return tuple(counts.tolist())


def _in_order(file: NDArray[np.int32], before: int) -> int:
    """Return the last of the files of rows, which come one after the other, as numbers of twins rely on it."""
    if file[0] < before or (np.diff(file) < 0).any():
        raise WrongUsage(
            "BAD_BATCH",
            "Rows of an earlier file came after those of a later one.",
            "Add the rows of one file after the other, each file's in the order of its rows.",
        )
    return int(file[-1])


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
