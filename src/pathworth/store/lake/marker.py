"""Says where the table of a lake lies too, so that a data file of it may leave this folder and be fetched again."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pathworth.store.files import sync_file, write_whole

MARKER = "_address"
"""The file that says where; readers of Delta tables pass over such names, and so do backups."""
_LOCK = "_address.lock"


def lies_at(folder: Path) -> str | None:
    """Return where the table of a lake lies too; null where every data file of it is here."""
    try:
        return (folder / MARKER).read_text()
    except FileNotFoundError:
        return None


def mark(folder: Path, address: str) -> None:
    """Say where the table lies too; on the disk before any data file may leave."""
    (folder / _LOCK).touch()
    write_whole(folder / MARKER, address.encode())


def unmark(folder: Path) -> None:
    """Say that every data file is here, and stays."""
    (folder / MARKER).unlink(missing_ok=True)
    sync_file(folder)


@contextmanager
def staying(folder: Path) -> Iterator[None]:
    """Be where no data file leaves the folder, for a moment; others may be so too."""
    with _held(folder, fcntl.LOCK_SH):
        yield


@contextmanager
def leaving(folder: Path) -> Iterator[None]:
    """Be the one who lets data files leave the folder, while nobody looks for one."""
    with _held(folder, fcntl.LOCK_EX):
        yield


@contextmanager
def _held(folder: Path, how: int) -> Iterator[None]:
    try:
        # Whoever may not write here can look for a file too; to be alone, a network's disk wants it open for writing.
        handle = os.open(folder / _LOCK, os.O_RDWR if how == fcntl.LOCK_EX else os.O_RDONLY)
    except FileNotFoundError:
        yield
        return
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)
