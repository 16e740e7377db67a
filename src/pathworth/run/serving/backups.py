"""Backs a workspace up into one file and puts it back, and lists the backups that hold its people."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pathworth import store
from pathworth.base.durations import Duration, to_us
from pathworth.base.errors import Refused, UnknownName
from pathworth.base.instants import to_instant_us
from pathworth.run.privacy.erasing import erase_files
from pathworth.run.workspace import Workspace
from pathworth.store import BackupNote

Progress = Callable[[str, float], None]
State = Literal["there", "due", "not there", "cut short"]


@dataclass(frozen=True)
class BackupRow:
    """A backup as people see it.

    Parameters
    ----------
    seq
        Number of the last event that it holds.
    bytes
        Its size; null when writing it was cut short.
    throw_away_at
        When nobody needs it any more; null when it is kept until somebody removes it.
    state
        ``there``; ``due`` when it should have been thrown away by now; ``not there`` where it was written, as when it
        was moved; ``cut short`` when writing it was, and part of it may lie beside that place.
    """

    path: str
    taken_at: str
    seq: int
    bytes: int | None
    throw_away_at: str | None
    state: State


@dataclass(frozen=True)
class CheckedBackup:
    """A backup of which every byte is as it was written."""

    path: str
    taken_at: str
    seq: int
    files: int
    bytes: int


@dataclass(frozen=True)
class Restored:
    """What a workspace holds that was put back.

    Parameters
    ----------
    seq
        Number of the last event that was numbered when the backup was taken.
    events, entities
        What the journeys hold; ``batches`` came in before the backup and are numbered when it is next served.
    stopped
        Programs that ran, and send nothing until somebody starts them again.
    unknown
        Messages that waited to be sent, and that may have been sent since; each waits for a person's word.
    erased
        How many people who were erased after the backup are erased from it again; null where no list said who.
    """

    workspace: str
    taken_at: str
    seq: int
    events: int
    entities: int
    imports: int
    batches: int
    stopped: tuple[str, ...]
    unknown: int
    erased: int | None


def backup(
    workspace: Workspace,
    file: str | Path,
    *,
    keep: Duration | None = None,
    progress: Progress | None = None,
) -> BackupRow:
    """Write a workspace into one file, as it stands at one event; a server of it goes on.

    Parameters
    ----------
    workspace
        Which.
    file
        Where to; nothing is there yet.
    keep
        After how long it is to be thrown away, such as ``"30d"``; null for never by itself.
    progress
        Told what is being done, and the share of it that is done.

    Raises
    ------
    BadInput
        ``BACKUP_EXISTS``, ``NO_FOLDER``.
    StoreTrouble
        ``WORKSPACE_BUSY``, ``DISK_FULL``; nothing was left.
    """
    now = time.time_ns() // 1000
    until = None if keep is None else now + to_us(keep)
    tell = progress or _silent
    note = store.take_backup(workspace.store, Path(file), until_us=until, now_us=now, tell=tell)
    return _row(note, now)


def restore(
    file: str | Path,
    folder: str | Path,
    *,
    erased: str | Path | None = None,
    progress: Progress | None = None,
) -> Restored:
    """Put a workspace back from a backup into a folder that is not there yet or is empty, and open it.

    Whoever was erased after the backup is erased from it at once: masked before the folder is there, and then from
    every file.

    Parameters
    ----------
    file, folder
        The backup, and where to.
    erased
        The list of whoever was erased since; what lies beside the backup unless said.
    progress
        Told what is being done, and the share of it that is done.

    Raises
    ------
    BadInput
        ``WORKSPACE_EXISTS``, ``FOLDER_NOT_EMPTY``, ``NO_FILE``, ``BACKUP_DAMAGED``, ``BACKUP_TOO_NEW``,
        ``ERASED_LIST_DAMAGED``.
    StoreTrouble
        ``DISK_FULL``; nothing was left.
    """
    place = Path(folder)
    now = time.time_ns() // 1000
    said = None if erased is None else Path(erased)
    done = store.put_back(Path(file), place, now_us=now, tell=progress or _silent, erased=said)
    opened = store.Workspace.open(place)
    if done.erased:
        erase_files(Workspace(opened), progress=progress)
    held = opened.whole_snapshot(at_once=True)
    return Restored(
        workspace=str(place),
        taken_at=done.contents.taken_at,
        seq=done.contents.seq,
        events=held.events,
        entities=held.entities,
        imports=sum(one.undone_at is None for one in opened.imports()),
        batches=store.Inbox(opened).count()[1],
        stopped=done.stopped,
        unknown=done.unknown,
        erased=done.erased,
    )


def check_backup(file: str | Path, *, progress: Progress | None = None) -> CheckedBackup:
    """Read a backup to its end and hold every byte against its list; raises as ``restore`` does."""
    held = store.unpack_backup(Path(file), None, tell=progress or _silent)
    size = sum(one.bytes for one in held.files)
    return CheckedBackup(str(file), held.taken_at, held.seq, len(held.files), size)


def backups(workspace: Workspace) -> tuple[BackupRow, ...]:
    """Return every backup that the workspace remembers, the oldest first."""
    now = time.time_ns() // 1000
    return tuple(_row(note, now) for note in store.backup_notes(workspace.store))


def forget_backup(workspace: Workspace, path: str | Path) -> tuple[BackupRow, ...]:
    """Let go of what is remembered of a backup that no longer is, and return the others.

    Raises
    ------
    UnknownName
        ``UNKNOWN_BACKUP``.
    Refused
        ``BACKUP_THERE`` while the file is there.
    """
    wanted = str(Path(path).absolute())
    notes = store.backup_notes(workspace.store)
    found = [note for note in notes if note.path == wanted]
    if not found:
        raise UnknownName.near("backup", wanted, [note.path for note in notes])
    if Path(wanted).exists():
        raise Refused(
            "BACKUP_THERE",
            f"{wanted} is still there, and holds people who may ask to be erased.",
            "Delete the file first.",
        )
    store.list_of(Path(wanted)).unlink(missing_ok=True)
    for note in found:
        store.forget_backup(workspace.store, note.id)
    return backups(workspace)


def _row(note: BackupNote, now_us: int) -> BackupRow:
    told = (note.path, note.taken_at, note.seq, note.bytes, note.throw_away_at)
    return BackupRow(*told, _state(note, now_us))


def _state(note: BackupNote, now_us: int) -> State:
    if not Path(note.path).exists():
        return "cut short" if note.bytes is None else "not there"
    due = note.throw_away_at is not None and to_instant_us(note.throw_away_at, "UTC") <= now_us
    return "due" if due else "there"


def _silent(what: str, share: float) -> None:
    """Tell nobody."""
