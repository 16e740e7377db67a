"""The order in which files are without somebody, or what is too old, and what is done about whatever was cut short.

A batch goes the way of an import (``commits``): staged beside what readers see, its journal last; true with one commit
of the lake's table, in which files leave and those without these people enter; then moved in, noted, cleared. The
snapshot before goes too, which an import would keep for its readers.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pathworth.store import commits
from pathworth.store.commits import Places, clear, current_id
from pathworth.store.entities.shelf import LOCK
from pathworth.store.erasing.contracts import Place
from pathworth.store.erasing.rows import ErasureRow, add_places, iso
from pathworth.store.files import alone, sync_tree, write_whole
from pathworth.store.keeping.contracts import KeepNote
from pathworth.store.keeping.rows import note_kept
from pathworth.store.lake import Lake, LakeFile
from pathworth.store.records.database import Database, ImportRow
from pathworth.store.shards.snapshots import read_manifest

ERASE_JOURNAL = "erase.json"


@dataclass(frozen=True)
class EraseJournal:
    """All that is needed to carry a batch on after a crash; it names files and no person.

    Parameters
    ----------
    number
        Its own number, from the same series as those of imports.
    erasures
        The erasures that it is for.
    snapshot
        The snapshot that is made; null when nobody is left (``emptied``), or the lake held nothing of these people.
    gone, lake_files, lake_columns
        Paths that leave the lake's table, the files that enter it, and columns of it.
    events
        How many events go.
    kept
        The batch of what is too old that it is for; null where it is for people who are erased.
    """

    number: int
    erasures: tuple[int, ...]
    snapshot: str | None
    emptied: bool
    gone: tuple[str, ...]
    lake_files: tuple[LakeFile, ...]
    lake_columns: tuple[str, ...]
    events: int
    kept: KeepNote | None = None


def commit_erasure(places: Places, journal: EraseJournal, *, database: Database) -> None:
    """Make a staged batch true."""
    staging = places.staging(journal.number)
    sync_tree(staging)
    write_whole(staging / ERASE_JOURNAL, msgspec.json.encode(journal))
    commits.take_out(
        places,
        journal.number,
        gone=journal.gone,
        files=journal.lake_files,
        columns=journal.lake_columns,
    )
    finish_erasure(places, journal, database=database)


def finish_erasure(places: Places, journal: EraseJournal, *, database: Database) -> None:
    """Carry a batch that is true to its end; whatever is done already stays done."""
    ready = places.staging(journal.number) / "ready"
    commits.show_rest(places, ready, snapshot=journal.snapshot, emptied=journal.emptied)
    note_erasure(journal, database)
    Lake(places.lake).delete(journal.gone)
    if journal.gone:
        clear_former(places)
    clear(places)


def note_erasure(journal: EraseJournal, database: Database) -> None:
    """Write into the database that files are without these people or events; once is enough."""
    at = iso(time.time_ns() // 1000)
    with database.session() as session:
        if journal.kept is not None and note_kept(session, journal.number, note=journal.kept):
            _forget_shapes(session)
        mine = (ErasureRow.id.in_(journal.erasures), ErasureRow.state == "masked")
        for place, row in enumerate(session.scalars(select(ErasureRow).where(*mine)).all()):
            row.state, row.number = "rewritten", journal.number
            if place == 0:
                _forget_shapes(session)
            if journal.gone:
                files = [
                    Place("files of the lake", "written anew without them", len(journal.gone), at),
                    Place("journeys", "built anew from the lake", 1, at),
                ]
                add_places(row, files)


def _forget_shapes(session: Session) -> None:
    # The dictionaries are new: no import grew from what stood in them before.
    session.execute(update(ImportRow).values(shape=None))


def clear_former(places: Places) -> None:
    """Delete every snapshot but the current one, and what was made of those: sets of entities, columns."""
    name = current_id(places)
    kept = {name} if name is None else {name, read_manifest(places.snapshot(name)).folder}
    for folder in places.snapshot("").iterdir() if places.snapshot("").exists() else ():
        if folder.name not in kept:
            shutil.rmtree(folder)
    with alone(places.root / LOCK):
        shutil.rmtree(places.entity(""), ignore_errors=True)
    with alone(places.root / "columns.lock"):
        for folder in places.built("").iterdir() if places.built("").exists() else ():
            if folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)


def erase_is_true(places: Places, number: int) -> bool:
    """Return whether a batch that is still staged has passed the moment from which on it is."""
    if not (places.staging(number) / ERASE_JOURNAL).exists():
        return False
    return not read_journal(places, number).gone or Lake(places.lake).holds(number)


def read_journal(places: Places, number: int) -> EraseJournal:
    """Return the journal of a batch that is still staged."""
    data = (places.staging(number) / ERASE_JOURNAL).read_bytes()
    return msgspec.json.decode(data, type=EraseJournal)
