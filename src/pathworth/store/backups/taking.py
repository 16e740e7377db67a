"""Takes a backup beside a server: names are taken while nobody numbers, bytes are read after that.

1. *Noted.* The workspace remembers that a backup goes to that path, before any byte of it is there.
2. *Frozen.* While this is the one writer, the database's state is held on to and every other file is given a second
   name aside. Events are handed in meanwhile, and are numbered a moment later.
3. *Written.* Into a file beside the one that was asked for, and synced.
4. *Moved in.* Its size is noted, and it is renamed: before that there is no backup, after it there is a whole one.

What a process that is ended before leaves is removed by the next backup, or when the workspace is next opened; the
half-written file beside the one asked for is written over by the next one of that name. The note stays, and says
that it was cut short.
"""

from __future__ import annotations

import secrets
import shutil
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

from pathworth.base.errors import BadInput, PathworthError
from pathworth.base.instants import to_iso
from pathworth.store.backups.contracts import FORMAT, BackupNote, Contents
from pathworth.store.backups.erased import list_of
from pathworth.store.backups.freezing import aside_of, fetch_away, freeze, lock_of
from pathworth.store.backups.notes import forget, remember
from pathworth.store.backups.packing import Tell, pack
from pathworth.store.commits import Places, current_id
from pathworth.store.erasing.rows import salt_of
from pathworth.store.files import WriterLock, disk_trouble, sync_file
from pathworth.store.records.data.arrivals import next_seq
from pathworth.store.records.database import FILE, HEAD, Database
from pathworth.store.shards.snapshots import read_manifest
from pathworth.store.undo.journal import writing
from pathworth.store.workspace import Workspace

PATIENCE_S = 600.0
"""So long a backup waits for an import to end."""


def take_backup(
    workspace: Workspace, file: Path, *, until_us: int | None, now_us: int, tell: Tell
) -> BackupNote:
    """Write a workspace as it stands at one event into one file; whoever reads or hands in goes on.

    Parameters
    ----------
    workspace
        The opened workspace.
    file
        Where to; nothing is there yet.
    until_us
        When it is to be thrown away; null for never by itself.
    now_us
        The moment of taking.
    tell
        Told what is being done, and the share of it that is done.

    Raises
    ------
    BadInput
        ``BACKUP_EXISTS``, ``NO_FOLDER``.
    StoreTrouble
        ``WORKSPACE_BUSY`` while another backup is taken or an import lasts, ``DISK_FULL``, ``SHARED_UNREACHABLE``;
        nothing was left.
    """
    target = _free(file)
    until = None if until_us is None else to_iso(until_us)
    note = BackupNote(secrets.token_hex(8), str(target), to_iso(now_us), 0, until)
    places, database = Places(workspace.path), workspace.database
    half = target.with_name(f".{target.name}.aside")
    lock = WriterLock(lock_of(places))
    lock.take()
    try:
        # What is away comes back while others go on writing.
        fetch_away(places)
        with disk_trouble(places.root):
            note = _frozen(places, database, note)
        with disk_trouble(target.parent):
            about = Contents(FORMAT, HEAD, note.id, note.taken_at, note.seq)
            pack(aside_of(places), half, about=about, tell=tell)
        note = replace(note, bytes=half.stat().st_size)
        remember(database, note)
        # One of the same name may have lain there, with a list of its own.
        list_of(target).unlink(missing_ok=True)
        half.rename(target)
        sync_file(target.parent)
    except Exception:
        half.unlink(missing_ok=True)
        # Where even that cannot be written, the note stays and says that it was cut short.
        with suppress(PathworthError):
            forget(database, note.id)
        raise
    finally:
        shutil.rmtree(aside_of(places), ignore_errors=True)
        lock.give_back()
    return note


def _free(file: Path) -> Path:
    target = file.absolute()
    if not target.parent.is_dir():
        raise BadInput(
            "NO_FOLDER", f"There is no folder {target.parent}.", "Make it, or choose another one."
        )
    if target.exists():
        raise BadInput(
            "BACKUP_EXISTS",
            f"There is {target} already.",
            "Choose another name, such as one with today's date.",
        )
    return target


def _frozen(places: Places, database: Database, note: BackupNote) -> BackupNote:
    """Note a backup, and set aside all that it shall hold."""
    with ExitStack() as held:
        with writing(places, database=database, patience_s=PATIENCE_S):
            with database.session() as session:
                # Digests of whoever is erased later can then be held against what the backup holds.
                salt_of(session, make=True)
            note = replace(note, seq=_last_seq(places, database), salted=True)
            remember(database, note)
            copy = held.enter_context(database.pinned())
            freeze(places)
        copy(aside_of(places) / FILE)
    return note


def _last_seq(places: Places, database: Database) -> int:
    name = current_id(places)
    held = 0 if name is None else read_manifest(places.snapshot(name)).in_lake
    with database.session() as session:
        return next_seq(session, held) - 1
