"""ZIP archives as batches of raw rows: their files one after the other, as if they were one.

A file is unpacked beside the archive's place in the folder for temporary files, read, and removed; memory holds a
batch of it, the disk one file at a time.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

import msgspec

from pathworth.base.errors import BadInput
from pathworth.collect.readers import START, Place, RawRows, read_rows, shape_of

MOST = 64 << 30
"""A file of more bytes than this inside an archive is refused: nobody exports it, but an archive can claim it."""


class _Inside(msgspec.Struct, frozen=True):
    """Which file inside is being read, how many rows came before it, and where in it."""

    member: int
    before: int
    place: Place


def read_archive(path: Path, globs: tuple[str, ...], *, after: Place = START) -> Iterator[RawRows]:
    """Read the files of an archive that fit one of the globs, by name, from a place on.

    Raises
    ------
    BadInput
        ``BROKEN_COMPRESSION``, ``EMPTY_FILE`` where none fits, and those of the files inside.
    """
    inside = msgspec.json.decode(after.known, type=_Inside) if after.known else _Inside(0, 0, START)
    with _opened(path) as archive, tempfile.TemporaryDirectory() as folder:
        members = _members(archive, globs, path)
        before, size = inside.before, path.stat().st_size
        for number, member in enumerate(members[inside.member :], inside.member):
            start = inside.place if number == inside.member else START
            file = _unpacked(archive, member, folder=Path(folder))
            rows = start.rows
            for found in read_rows(file, shape_of(file), after=start):
                rows = found.place.rows
                known = msgspec.json.encode(_Inside(number, before, found.place)).decode()
                yield replace(
                    found,
                    row=found.row + before,
                    torn=tuple(replace(torn, row=torn.row + before) for torn in found.torn),
                    position=size * (number + 1) // len(members),
                    place=Place(before + rows, known=known),
                )
            before += rows
            file.unlink()


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise broken(path) from error


def broken(path: Path) -> BadInput:
    """Build the error for an archive that cannot be read."""
    return BadInput(
        "BROKEN_COMPRESSION",
        f"{path.name} breaks off or is damaged inside its compression.",
        "Copy the file again, or decompress it yourself and import what comes out.",
    )


def _members(archive: zipfile.ZipFile, globs: tuple[str, ...], path: Path) -> list[zipfile.ZipInfo]:
    found = [
        info
        for info in sorted(archive.infolist(), key=lambda info: info.filename)
        if info.file_size and any(fnmatchcase(info.filename, glob) for glob in globs)
    ]
    if not found:
        raise BadInput(
            "EMPTY_FILE", f"{path.name} holds no file {' or '.join(globs)}.", "Export it again."
        )
    return found


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, folder: Path) -> Path:
    """Write a file of an archive into a folder under its bare name, and return where it lies."""
    target = folder / PurePosixPath(member.filename).name
    if member.file_size > MOST:
        raise BadInput(
            "FILE_TOO_LARGE",
            f"{member.filename} inside the archive has {member.file_size >> 30} GiB.",
            "Unpack the archive and import its files one by one.",
        )
    try:
        with archive.open(member) as packed, target.open("wb") as plain:
            shutil.copyfileobj(packed, plain, 1 << 20)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise broken(Path(archive.filename or "archive")) from error
    return target
