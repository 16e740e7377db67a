"""Imports that were cut short: what they set aside is kept until they are run again, for a week at most."""

from __future__ import annotations

import hashlib
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pathworth.store.aside.logbook import (
    Base,
    Begun,
    BlockDone,
    Cleared,
    Judged,
    Logbook,
    read_lines,
)

LOGBOOK = "logbook"
OLD_S = 7 * 86_400.0


@dataclass(frozen=True)
class Unfinished:
    """An import that was cut short: its files, the rows that are set aside, and where they lie."""

    folder: Path
    files: tuple[str, ...]
    rows: int


def key_of(begun: Begun) -> str:
    """Return what an import is found by again: the bytes of its files, wherever they lie, and how they are read."""
    hashes = [file.sha256 for file in begun.files]
    said = (hashes, begun.source, begun.hashed, begun.reading)
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:16]


def unfinished(root: Path) -> list[Unfinished]:
    """Return the imports that were cut short, the oldest first."""
    folders = sorted(root.iterdir()) if root.exists() else []
    found = []
    for folder in sorted(folders, key=lambda one: one.stat().st_mtime):
        lines = read_lines(folder / LOGBOOK)
        files = [f.path for one in lines if isinstance(one, Begun) for f in one.files]
        rows = sum(one.rows + sum(one.rejected) for one in lines if isinstance(one, BlockDone))
        found.append(Unfinished(folder, tuple(files), rows))
    return found


@dataclass(frozen=True)
class Home:
    """Where an import sets its rows aside.

    Parameters
    ----------
    folder
        The folder.
    logbook
        What is done of it; null when it is not gone on with after it was cut short.
    notice
        What a person should know about an earlier one of the same files; null when there is nothing.
    """

    folder: Path
    logbook: Logbook | None = None
    notice: str | None = None

    def drop(self) -> None:
        """Forget the import; harmless when that is done."""
        if self.logbook is not None:
            self.logbook.close()
            drop(self.folder)


def begin(root: Path, begun: Begun, *, base: Base) -> Home:
    """Return where an import sets its rows aside, with what an earlier one that was cut short has done.

    What another import of the same files left goes away, and so does what nobody came back for; the caller holds
    the writer's lock.

    Parameters
    ----------
    root
        Folder of all imports that were cut short.
    begun
        The files, and how they are read.
    base
        What the workspace holds now.
    """
    folder, notice = root / key_of(begun), _clear_others(root, begun)
    folder.mkdir(parents=True, exist_ok=True)
    logbook = Logbook(folder / LOGBOOK)
    if any(judged.base != base for judged in logbook.of(Judged)):
        if logbook.of(Cleared):
            logbook.close()
            drop(folder)
            folder.mkdir(parents=True)
            logbook = Logbook(folder / LOGBOOK)
            notice = _sorry(begun, "something else was imported since")
        else:
            logbook.keep([*logbook.of(Begun), *logbook.of(BlockDone)])
    home = Home(folder, logbook, notice)
    if not logbook.of(Begun):
        try:
            logbook.note(begun)
        except BaseException:
            home.drop()
            raise
    return home


def _clear_others(root: Path, begun: Begun) -> str | None:
    """Delete what other imports of these files, or of long ago, left; say why one cannot be gone on with."""
    notice = None
    for other in list(root.iterdir()) if root.exists() else []:
        if other.name == key_of(begun):
            continue
        changed = _changed(other, begun)
        if changed or time.time() - other.stat().st_mtime > OLD_S:
            drop(other)
            notice = _sorry(begun, changed) if changed else notice
    return notice


def _sorry(begun: Begun, changed: str) -> str:
    name = Path(begun.files[0].path).name
    return f"An import of {name} was cut short; it begins afresh, because {changed}."


def _changed(other: Path, begun: Begun) -> str | None:
    """Return in words what is different in another import of the same files; null when it has other files."""
    for line in read_lines(other / LOGBOOK):
        if isinstance(line, Begun) and {f.path for f in line.files} & {f.path for f in begun.files}:
            return line.changed(begun)
    return None


def drop(folder: Path) -> None:
    """Forget an import that was cut short or has ended; harmless when it is gone."""
    # The logbook goes first: what is left without it is nobody's.
    (folder / LOGBOOK).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    if folder.parent.exists() and not any(folder.parent.iterdir()):
        folder.parent.rmdir()
