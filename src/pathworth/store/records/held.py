"""What other stages may ask of a workspace's database as a whole, and never of it directly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pathworth.store.backups import notes
from pathworth.store.backups.contracts import BackupNote
from pathworth.store.records.database import Stamp
from pathworth.store.workspace import Workspace


@contextmanager
def held_open(workspace: Workspace) -> Iterator[None]:
    """Keep the database open meanwhile: whoever closes it last writes the whole log back, commit after commit."""
    with workspace.database.held_open():
        yield


def stamp_of(workspace: Workspace) -> Stamp | None:
    """Return what tells that nothing was written to the database since; null when that cannot be told now."""
    return workspace.database.stamp()


def prove_database(workspace: Workspace) -> None:
    """Read and write the database; raises whatever stands in the way."""
    workspace.database.prove()


def backup_notes(workspace: Workspace) -> tuple[BackupNote, ...]:
    """Return the notes of all backups that were made of it, the oldest first."""
    return notes.remembered(workspace.database)


def forget_backup(workspace: Workspace, backup_id: str) -> None:
    """Let go of the note of a backup."""
    notes.forget(workspace.database, backup_id)
