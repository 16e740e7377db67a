"""Writes the files of a folder into one tar file, with a list of them all and its seal at the end."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import msgspec

from pathworth.store.backups.contracts import LIST, SEAL, Contents, PackedFile
from pathworth.store.files import sync_file

AT_ONCE = 1 << 20
Tell = Callable[[str, float], None]


class _Reads(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Hashed:
    """Reads a file, and knows the digest of what was read."""

    def __init__(self, file: _Reads) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        """Return so many bytes more."""
        data = self._file.read(size)
        self.digest.update(data)
        return data


def pack(folder: Path, out: Path, *, about: Contents, tell: Tell) -> Contents:
    """Write a backup; what it holds is not compressed again, since it is compressed or would not shrink.

    Parameters
    ----------
    folder
        All that it shall hold.
    out
        The file, which is on the disk when this returns.
    about
        What is known of it; the files are added.
    tell
        Told what is being done, and the share of it that is done.
    """
    files = sorted(_files(folder))
    total, done = max(sum(size for _, size in files), 1), 0
    packed = []
    with out.open("wb") as raw:
        with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for name, size in files:
                packed.append(_add(tar, folder / name, name, size=size))
                done += size
                tell("writing the backup", done / total)
            told = replace(about, files=tuple(packed))
            text = msgspec.json.format(msgspec.json.encode(told))
            _add_text(tar, LIST, text)
            _add_text(tar, SEAL, hashlib.sha256(text).hexdigest().encode())
        raw.flush()
        os.fsync(raw.fileno())
    sync_file(out.parent)
    return told


def _files(folder: Path) -> Iterator[tuple[str, int]]:
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place) / name
            yield path.relative_to(folder).as_posix(), path.stat().st_size


def _add(tar: tarfile.TarFile, path: Path, name: str, *, size: int) -> PackedFile:
    with path.open("rb") as file:
        read = Hashed(file)
        tar.addfile(_head(name, size), read)
    return PackedFile(name, size, read.digest.hexdigest())


def _add_text(tar: tarfile.TarFile, name: str, text: bytes) -> None:
    tar.addfile(_head(name, len(text)), io.BytesIO(text))


def _head(name: str, size: int) -> tarfile.TarInfo:
    """Return the entry of a file; whose it was and when it was written says nothing of a company's journeys."""
    head = tarfile.TarInfo(name)
    head.size, head.mode = size, 0o600
    return head
