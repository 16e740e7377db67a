"""Puts a workspace back from a backup: read and checked aside, then there whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pathworth.store.backups.contracts import BackupNote, Contents, PutBack
from pathworth.store.backups.erased import erase_again, list_of
from pathworth.store.backups.notes import remember, remembered
from pathworth.store.backups.packing import Tell
from pathworth.store.backups.unpacking import damaged, unpack
from pathworth.store.checks.beginning import check_free
from pathworth.store.checks.whole import check_database, check_store
from pathworth.store.commits import Places
from pathworth.store.files import disk_trouble, sync_file, sync_tree
from pathworth.store.records.database import FILE, Database
from pathworth.store.records.documents import ProgramRow
from pathworth.store.records.ledger_rows import LedgerRow

_WHY = "The workspace was put back from a backup: what has been sent since is not known here."


def put_back(
    file: Path, place: Path, *, now_us: int, tell: Tell, erased: Path | None = None
) -> PutBack:
    """Restore a backup into a folder that is not there yet or is empty.

    The server that was backed up may have gone on and sent messages. So that nobody gets one twice, programs are
    stopped and messages that waited are of unknown fate, until a person says what to do. Whoever was erased since is
    masked before the workspace is there: ``erased`` is the list of them, which lies beside the backup unless said.

    Raises
    ------
    BadInput
        ``WORKSPACE_EXISTS``, ``FOLDER_NOT_EMPTY``, ``NO_FILE``, ``BACKUP_DAMAGED``, ``BACKUP_TOO_NEW``,
        ``ERASED_LIST_DAMAGED``.
    StoreTrouble
        ``DISK_FULL``; nothing was left.
    """
    check_free(place)
    aside = place.absolute().with_name(f".{place.absolute().name}.aside")
    with disk_trouble(place):
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        try:
            contents = unpack(file, aside, tell=tell)
            _check(file, aside)
            done = _said(file, aside, contents, now_us=now_us)
            done = replace(done, erased=_again(aside, said=erased, beside=list_of(file)))
            sync_tree(aside)
            aside.rename(place.absolute())
            sync_file(place.absolute().parent)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
    return done


def _check(file: Path, aside: Path) -> None:
    """Refuse what is as it was written, and was no whole workspace then."""
    if not (aside / FILE).is_file():
        raise damaged(file, "It holds no workspace.")
    for one in (check_database(aside), *check_store(aside)):
        if one.state == "broken":
            raise damaged(file, f"{one.name}: {one.says}")


def _said(file: Path, aside: Path, contents: Contents, *, now_us: int) -> PutBack:
    """Complete what the workspace knows of the backup, and let nothing leave by itself."""
    database = Database(aside)
    database.migrate()
    for note in remembered(database):
        if note.id == contents.id:
            remember(database, _completed(note, file))
    with database.session() as session:
        stopped = _stop(session, now_us)
        unknown = _doubt(session, now_us)
    return PutBack(contents, tuple(stopped), unknown, erased=None)


def _again(aside: Path, *, said: Path | None, beside: Path) -> int | None:
    """Mask whoever was erased after the backup; null where nothing says who that was."""
    if said is None and not beside.exists():
        return None
    return erase_again(Places(aside), Database(aside), said=said or beside)


def _completed(note: BackupNote, file: Path) -> BackupNote:
    return replace(note, path=str(file.absolute()), bytes=file.stat().st_size)


def _stop(session: Session, now_us: int) -> Sequence[str]:
    running = ProgramRow.state == "running"
    names = session.scalars(select(ProgramRow.id).where(running).order_by(ProgramRow.id)).all()
    session.execute(
        update(ProgramRow).where(running).values(state="stopped", stopped_us=now_us, why=_WHY)
    )
    return names


def _doubt(session: Session, now_us: int) -> int:
    waits = LedgerRow.state.in_(("decided", "sending"))
    count = len(session.scalars(select(LedgerRow.id).where(waits)).all())
    session.execute(
        update(LedgerRow).where(waits).values(state="unknown", settled_us=now_us, answer=_WHY)
    )
    return count
