"""An import of numbers by the day: one transaction of the database, numbered and undone as every import is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pathworth.store.commits import Places, file_rows
from pathworth.store.contracts import ImportedFile, ImportResult
from pathworth.store.files import disk_trouble, move_in, sync_file
from pathworth.store.payload import REJECTS
from pathworth.store.records.data.daily import KIND, DailyValue, say_daily
from pathworth.store.records.database import ImportRow, lock
from pathworth.store.workspace import Workspace


@dataclass(frozen=True)
class DailyRead:
    """What was read of some files of one source.

    Parameters
    ----------
    source, files
        From where.
    values
        Their numbers, no thing's twice; read once.
    rejects
        The rows that could not be read; read once.
    said
        How many numbers they said, those that were said again included; null for none said again.
    """

    source: str
    files: tuple[ImportedFile, ...]
    values: Iterable[DailyValue]
    rejects: Iterable[pa.RecordBatch] = ()
    said: int | None = None


def import_daily(
    workspace: Workspace, read: DailyRead, *, author: str | None = None
) -> ImportResult:
    """Keep numbers by the day as one import; all of them are true at once, or none.

    ``accepted`` of the result counts those that are new or other than before, ``conflicting`` the latter alone, and
    ``duplicates`` those that stood already.

    Parameters
    ----------
    read
        What was read.
    author
        Who imports.

    Raises
    ------
    StoreTrouble
        ``WORKSPACE_BUSY``, ``DISK_FULL``; the workspace is as it was.
    """
    places = Places(workspace.path)
    # One writer, and one series of numbers for all imports.
    with workspace.writing.numbered() as number, disk_trouble(workspace.path):
        _keep_rejects(places.rejects(number), read.rejects)
        held = workspace.whole_snapshot(at_once=True)
        standing = (held.entities, held.events, held.first_us, held.last_us)
        with workspace.database.session() as session:
            lock(session)
            row = _import_row(number, read, author)
            session.add(row)
            session.flush()
            session.add_all(file_rows(number, read.files))
            done = say_daily(session, read.values, source=read.source, import_id=number)
            again = sum(file.rows for file in read.files if file.skipped)
            said = done.values if read.said is None else read.said
            row.accepted, row.conflicting = done.new + done.changed, done.changed
            row.duplicates = said - row.accepted + again
            row.entities, row.events, row.from_us, row.to_us = standing
            return ImportResult(
                number, row.accepted, row.rejected, row.duplicates, row.conflicting, *standing
            )


def _import_row(number: int, read: DailyRead, author: str | None) -> ImportRow:
    return ImportRow(
        id=number,
        kind=KIND,
        source=read.source,
        committed_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        accepted=0,
        rejected=sum(file.rejected for file in read.files),
        duplicates=0,
        conflicting=0,
        entities=0,
        events=0,
        from_us=0,
        to_us=0,
        author=author,
        shadowed=0,
        last_seq=0,
    )


def _keep_rejects(path: Path, rejects: Iterable[pa.RecordBatch]) -> None:
    """Write the rows that could not be read in their place; whoever takes the number anew clears it."""
    left = (batch for batch in rejects if batch.num_rows)
    first = next(left, None)
    if first is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".aside")
    with pq.ParquetWriter(aside, REJECTS) as writer:
        for batch in chain((first,), left):
            writer.write_batch(batch.select(REJECTS.names).cast(REJECTS))
    sync_file(aside)
    move_in(aside, path)
