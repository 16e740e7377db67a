"""Data files of a lake that are not in its folder: fetched from where its table lies too when they are read."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pyarrow.parquet as pq

from pathworth.base.errors import StoreTrouble
from pathworth.store.files import disk_trouble, sync_file
from pathworth.store.lake import Lake, lies_at, staying
from pathworth.store.shared.places import PART, Shared, fetch

RESTS_S = 3_600.0
"""A data file that was written, fetched or asked for within so many seconds stays: somebody may be reading it."""
_ASIDE, _LOCK = "_fetching", ".lock"


def present(path: Path) -> Path:
    """Return the path of a data file of a lake, which is fetched first where it is not here.

    Parameters
    ----------
    path
        Folder of the lake, zone and name. A file of any other folder is left as it is.

    Raises
    ------
    FileNotFoundError
        When the file has left the table.
    StoreTrouble
        ``SHARED_UNREACHABLE``, ``DISK_FULL``.
    """
    folder = path.parent.parent
    address = lies_at(folder)
    if address is None:
        return path
    with staying(folder):
        if _asked_for(path):
            return path
    with disk_trouble(folder), _in_table(path):
        _fetch(path, Shared(address))
    return path


def all_present(folder: Path) -> None:
    """Fetch every data file of a lake that is not here; raises as ``present`` does for one that is in the table."""
    if lies_at(folder) is not None:
        for path in Lake(folder).sizes():
            with suppress(FileNotFoundError):
                present(folder / path)


def footer(path: Path) -> pq.FileMetaData:
    """Return what the end of a data file of a lake says of it, read where it lies; raises as ``present`` does."""
    try:
        return pq.read_metadata(path)
    except FileNotFoundError:
        folder = path.parent.parent
        address = lies_at(folder)
        if address is None:
            raise
    with _in_table(path), Shared(address).reading(_name(path)) as source:
        return pq.read_metadata(source)


def tidy(folder: Path) -> None:
    """Remove what processes that were ended while they fetched left in the folder of a lake."""
    if not (folder / _ASIDE).exists():
        return
    with _fetching(folder, fcntl.LOCK_EX | fcntl.LOCK_NB) as alone:
        if alone:
            shutil.rmtree(folder / _ASIDE, ignore_errors=True)


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _asked_for(path: Path) -> bool:
    """Return whether a file is here, and let it be one that was asked for just now."""
    try:
        changed = path.stat().st_mtime
    except FileNotFoundError:
        return False
    if time.time() - changed > RESTS_S / 2:
        # Whoever may only read here goes on without.
        with suppress(OSError):
            os.utime(path)
    return True


@contextmanager
def _in_table(path: Path) -> Iterator[None]:
    """Say of a file that cannot be fetched that it left the table, where it did."""
    try:
        yield
    except StoreTrouble as trouble:
        if _belongs(path):
            raise
        raise _gone(path) from trouble


def _belongs(path: Path) -> bool:
    return _name(path) in Lake(path.parent.parent).sizes()


def _gone(path: Path) -> FileNotFoundError:
    return FileNotFoundError(errno.ENOENT, "It is no file of the lake any more", str(path))


def _fetch(path: Path, shared: Shared) -> None:
    """Fetch a file aside and rename it in; of several who ask one does, and the others wait."""
    folder = path.parent.parent
    with _fetching(folder, fcntl.LOCK_SH):
        aside = folder / _ASIDE / _name(path).replace("/", "~")
        aside.parent.mkdir(exist_ok=True)
        with aside.with_name(f"{aside.name}{_LOCK}").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            if path.exists():
                return
            part = aside.with_name(f"{aside.name}{PART}")
            try:
                fetch(shared.found(_name(path)), part)
                _bring_in(part, path)
            finally:
                part.unlink(missing_ok=True)


def _bring_in(part: Path, path: Path) -> None:
    """Rename a whole file into the lake, unless it left the table meanwhile: nobody would delete it again."""
    folder = path.parent.parent
    with staying(folder):
        held = Lake(folder).sizes()
        if _name(path) not in held:
            raise _gone(path)
        size = part.stat().st_size
        if size != held[_name(path)]:
            raise StoreTrouble(
                "LAKE_DAMAGED",
                f"{_name(path)} came with {size} bytes, the lake's log says {held[_name(path)]}.",
                "Put the workspace back from a backup.",
            )
        path.parent.mkdir(exist_ok=True)
        part.replace(path)
    sync_file(path.parent)
    sync_file(folder)


@contextmanager
def _fetching(folder: Path, how: int) -> Iterator[bool]:
    """Be one of those who fetch, or the only one who does not; gives false where that is not possible at once."""
    handle = os.open(folder / f"{_ASIDE}{_LOCK}", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, how)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)
