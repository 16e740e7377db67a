"""Reads a backup, holds every file against the list at its end, and writes them where they are wanted."""

from __future__ import annotations

import hashlib
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import msgspec

from pathworth.base.errors import BadInput
from pathworth.store.backups.contracts import FORMAT, LIST, SEAL, Contents, PackedFile
from pathworth.store.backups.packing import AT_ONCE, Hashed, Tell
from pathworth.store.records.database import HEAD

_LONGEST = 1 << 30
"""No list is longer; a damaged size must not take the machine's memory."""
_TORN = (
    tarfile.TarError,
    EOFError,
    ValueError,
    KeyError,
    OverflowError,
    FileExistsError,
    NotADirectoryError,
)
"""What reading a damaged file may raise; a full disk is none of these."""
_HOLE = 1 << 16
_ZEROS = bytes(_HOLE)


def unpack(file: Path, into: Path | None, *, tell: Tell) -> Contents:
    """Read a whole backup, and return what it holds once every byte of it is known to be right.

    Parameters
    ----------
    into
        Folder that its files are written into; null only looks.
    tell
        Told what is being done, and the share of it that is done.

    Raises
    ------
    BadInput
        ``NO_FILE``, ``BACKUP_DAMAGED``, ``BACKUP_TOO_NEW``.
    """
    try:
        raw = file.open("rb")
    except OSError as trouble:
        raise BadInput(
            "NO_FILE",
            f"{file} cannot be read: {trouble.strerror}.",
            "Name a file of pathworth backup.",
        ) from trouble
    with raw:
        return _Reading(file, raw, into, tell).contents()


def damaged(file: Path, why: str) -> BadInput:
    """Return the error of a backup that is not whole."""
    return BadInput(
        "BACKUP_DAMAGED",
        f"{file} is no whole backup: {why}",
        "Copy it again from where it was written, or use another one; `pathworth restore FILE --check` reads one.",
    )


class _Reading:
    """One pass over a backup."""

    def __init__(self, file: Path, raw: BinaryIO, into: Path | None, tell: Tell) -> None:
        self.file, self.raw, self.into, self.tell = file, raw, into, tell
        self.size = max(os.fstat(raw.fileno()).st_size, 1)
        self.texts: dict[str, bytes] = {}
        self.seen: list[PackedFile] = []

    def contents(self) -> Contents:
        try:
            with tarfile.open(fileobj=self.raw, mode="r:") as tar:
                for member in tar:
                    self._take(tar, member)
            return self._sealed()
        except _TORN as trouble:
            raise damaged(self.file, f"{str(trouble) or type(trouble).__name__}.") from trouble

    def _take(self, tar: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        body = tar.extractfile(member) if member.type == tarfile.REGTYPE else None
        if body is None or not _inside(member.name):
            raise damaged(self.file, f"It holds {member.name!r}, which is no file of a workspace.")
        if member.name in {LIST, SEAL}:
            if member.size > _LONGEST:
                raise damaged(self.file, "Its list is too long to be one.")
            self.texts[member.name] = body.read()
            return
        read = Hashed(body)
        if self.into is None:
            for _ in _parts(read):
                pass
        else:
            _write(self.into / member.name, read)
        self.seen.append(PackedFile(member.name, member.size, read.digest.hexdigest()))
        self.tell("reading the backup", min(self.raw.tell() / self.size, 1.0))

    def _sealed(self) -> Contents:
        """Hold what was read against the list."""
        text, seal = self.texts.get(LIST), self.texts.get(SEAL)
        if text is None or seal is None:
            raise damaged(
                self.file, "The list at its end is missing: it was cut short, or is another file."
            )
        if hashlib.sha256(text).hexdigest().encode() != seal:
            raise damaged(self.file, "The list at its end is not as it was written.")
        told = msgspec.json.decode(text, type=Contents)
        if told.format > FORMAT or told.tables > HEAD:
            raise BadInput(
                "BACKUP_TOO_NEW",
                f"{self.file} was written by a newer version of the program (tables {told.tables}, here {HEAD}).",
                "Install that version, then restore it.",
            )
        known = {one.path: one for one in told.files}
        for one in self.seen:
            if known.pop(one.path, None) != one:
                raise damaged(self.file, f"{one.path} is not as it was written.")
        if known:
            raise damaged(self.file, f"{min(known)} is missing.")
        return told


def _inside(name: str) -> bool:
    path = PurePosixPath(name)
    return (
        bool(path.parts) and not path.is_absolute() and ".." not in path.parts and "\0" not in name
    )


def _parts(read: Hashed) -> Iterator[bytes]:
    while part := read.read(AT_ONCE):
        yield part


def _write(path: Path, read: Hashed) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # "x", since no name may come twice.
    with path.open("xb") as out:
        for part in _parts(read):
            for first in range(0, len(part), _HOLE):
                piece = part[first : first + _HOLE]
                # Zeros become holes again, as they were when the file was first written.
                if piece == _ZEROS:
                    out.seek(len(piece), os.SEEK_CUR)
                else:
                    out.write(piece)
        out.truncate(out.tell())
