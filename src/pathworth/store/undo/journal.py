"""The order in which an undo becomes true, and what is done about whatever was cut short.

An undo goes the way of an import (``commits``): staged beside what readers see, its journal last; true with
one commit of the lake's table, in which the import's files leave and those of the rows that come back enter;
then moved in, noted, cleared. An import that has no event in the lake is undone with the journal itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec
from sqlalchemy import update

from pathworth.base.errors import StoreTrouble
from pathworth.store import commits
from pathworth.store.commits import Places, clear, drop_empty, writer
from pathworth.store.contracts import Undone
from pathworth.store.erasing.journal import erase_is_true, finish_erasure, read_journal
from pathworth.store.files import PATIENCE_S, WriterLock, move_in, sync_tree, write_whole
from pathworth.store.lake import Lake, LakeFile
from pathworth.store.records.data.daily import KIND, take_daily_back
from pathworth.store.records.database import Database, ImportRow, SnapshotRow

UNDO_JOURNAL = "undo.json"


@dataclass(frozen=True)
class UndoJournal:
    """All that is needed to carry an undo on after a crash.

    Parameters
    ----------
    number
        Its own number, from the same series as those of imports.
    undone, undone_at, author
        What is said about it.
    snapshot
        The snapshot that is made; null when no event is left (``emptied``) or none goes.
    seq
        The snapshot's last number.
    gone, lake_files, lake_columns
        Paths that leave the lake's table, and the files that enter it.
    shadows
        Imports whose shadowed rows came back in part; the rest of them is staged.
    """

    number: int
    undone: Undone
    undone_at: str
    author: str | None
    snapshot: str | None
    emptied: bool
    seq: int
    gone: tuple[str, ...]
    lake_files: tuple[LakeFile, ...]
    lake_columns: tuple[str, ...]
    shadows: tuple[int, ...]


def commit_undo(places: Places, journal: UndoJournal, *, database: Database) -> None:
    """Make a staged undo true."""
    staging = places.staging(journal.number)
    sync_tree(staging)
    write_whole(staging / UNDO_JOURNAL, msgspec.json.encode(journal))
    commits.take_out(
        places,
        journal.number,
        gone=journal.gone,
        files=journal.lake_files,
        columns=journal.lake_columns,
    )
    try:
        finish_undo(places, journal, database=database)
    except Exception as trouble:
        raise StoreTrouble(
            "UNDO_UNFINISHED",
            f"Import {journal.undone.import_id} is undone, but that could not be shown yet: {trouble}",
            "Make room on the disk; it is finished when the workspace is next opened.",
        ) from trouble


def finish_undo(places: Places, journal: UndoJournal, *, database: Database) -> None:
    """Carry an undo that is true to its end; whatever is done already stays done."""
    ready = places.staging(journal.number) / "ready"
    for owner in journal.shadows:
        move_in(ready / "shadowed" / f"{owner:08d}.parquet", places.shadows(owner))
    for owner in (*journal.shadows, journal.undone.import_id):
        drop_shadows(places, journal, owner=owner)
    commits.show_rest(places, ready, snapshot=journal.snapshot, emptied=journal.emptied)
    note_undo(journal, database)
    Lake(places.lake).delete(journal.gone)
    clear(places)


def drop_shadows(places: Places, journal: UndoJournal, *, owner: int) -> None:
    """Delete the shadowed rows of the import that was undone, and files of which nothing is left."""
    mark = places.staging(journal.number) / "none-left" / f"{owner:08d}"
    if owner == journal.undone.import_id or mark.exists():
        places.shadows(owner).unlink(missing_ok=True)


def note_undo(journal: UndoJournal, database: Database) -> None:
    """Write the undo into the database; once is enough."""
    with database.session() as session:
        row = session.get(ImportRow, journal.undone.import_id)
        if row is None or row.undone_at is not None:
            return
        row.undone_at, row.undone_by = journal.undone_at, journal.author
        row.undo_id = journal.number
        # Numbers that were given with it are never given again.
        row.last_seq = max(row.last_seq, journal.seq)
        take_daily_back(session, row.id)
        if row.kind != KIND:
            # What later imports grew from is no longer there; what this one grew from still is.
            later = update(ImportRow).where(ImportRow.id > row.id).values(shape=row.shape)
            session.execute(later)
        if journal.snapshot is not None:
            events = journal.undone.events or 0
            made = SnapshotRow(
                id=journal.snapshot, import_id=row.id, seq=journal.seq, events=events
            )
            session.add(made)


def recover(places: Places, *, database: Database) -> None:
    """Carry on or take back imports, undos and erasures that were cut short; the caller holds the writer's lock."""
    if not places.all_staging.exists():
        return
    for staging in sorted(places.all_staging.iterdir()):
        number = int(staging.name)
        if undo_is_true(places, number):
            finish_undo(places, _read(places, number), database=database)
        elif erase_is_true(places, number):
            finish_erasure(places, read_journal(places, number), database=database)
        elif commits.is_true(places, number):
            commits.finish(places, commits.read_journal(places, number), database=database)
        else:
            commits.take_back(places, number)
    drop_empty(places.all_staging)


@contextmanager
def writing(
    places: Places, *, database: Database, patience_s: float = PATIENCE_S
) -> Iterator[WriterLock]:
    """Be the one writer, with nothing left of what was cut short.

    Raises
    ------
    StoreTrouble
        ``WORKSPACE_BUSY``.
    """
    lock = writer(places)
    lock.take_patiently(patience_s)
    try:
        recover(places, database=database)
        yield lock
    finally:
        lock.give_back()


def recover_unless_busy(places: Places, *, database: Database, lock: WriterLock) -> None:
    """Do as ``recover`` when something is staged and nobody holds a lock; else what is staged is theirs."""
    if places.all_staging.exists() and lock.take_within(0):
        try:
            recover(places, database=database)
        finally:
            lock.give_back()


def undo_is_true(places: Places, number: int) -> bool:
    """Return whether an undo that is still staged has passed the moment from which on it is."""
    if not (places.staging(number) / UNDO_JOURNAL).exists():
        return False
    return not _read(places, number).gone or Lake(places.lake).holds(number)


def _read(places: Places, number: int) -> UndoJournal:
    data = (places.staging(number) / UNDO_JOURNAL).read_bytes()
    return msgspec.json.decode(data, type=UndoJournal)
