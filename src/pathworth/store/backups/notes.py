"""Which backups were made of a workspace: kept in it, since whoever is erased must be erased there too."""

from __future__ import annotations

import msgspec
from sqlalchemy.orm import Session

from pathworth.store.backups.contracts import BackupNote
from pathworth.store.records.database import Database, Setting, lock

KEY = "backups"


def remember(database: Database, note: BackupNote) -> None:
    """Keep a note; one of the same backup gives way to it."""
    with database.session() as session:
        lock(session)
        _keep(session, [one for one in _held(session) if one.id != note.id] + [note])


def forget(database: Database, backup_id: str) -> None:
    """Let go of the note of a backup."""
    with database.session() as session:
        lock(session)
        _keep(session, [one for one in _held(session) if one.id != backup_id])


def remembered(database: Database) -> tuple[BackupNote, ...]:
    """Return the notes of all backups, the oldest first."""
    with database.session() as session:
        return tuple(_held(session))


def _held(session: Session) -> list[BackupNote]:
    row = session.get(Setting, KEY)
    return msgspec.json.decode(row.value if row else "[]", type=list[BackupNote])


def _keep(session: Session, notes: list[BackupNote]) -> None:
    session.merge(Setting(key=KEY, value=msgspec.json.encode(notes).decode()))
