"""Files that survive a power cut: synced writes, atomic swaps, one writer, a full disk told in words."""

from __future__ import annotations

import errno
import fcntl
import mmap
import os
import shutil
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, BinaryIO

import numpy as np
from numpy.typing import NDArray

from pathworth.base.errors import StoreTrouble

COMPACT_LOCK = "compact.lock"
"""In a workspace's folder: the lock of whoever writes its shards anew."""
COMPACTING = "compacting"
"""In a workspace's folder: where that one writes them, and nothing while nobody does."""
MOMENT_S = 60.0
"""So long at most is waited for a lock that is only ever held for moments."""
PATIENCE_S = 2.0
"""Numbering and draining are done sooner; whoever has the lock for longer imports or builds."""
_FULL = {errno.ENOSPC, errno.EDQUOT}
_FULL_WORDS = (
    "No space left on device",
    "Disk quota exceeded",
    "database or disk is full",
    # The embedded database is opened for reading only when there is no room for more.
    "attempt to write a readonly database",
)


@contextmanager
def disk_trouble(folder: Path) -> Iterator[None]:
    """Turn whatever a library says about a full disk into one error with its remedy.

    Parameters
    ----------
    folder
        Where there was no room.

    Raises
    ------
    StoreTrouble
        ``DISK_FULL``; every other error passes unchanged.
    """
    try:
        yield
    except Exception as trouble:
        chain = [trouble, trouble.__cause__, trouble.__context__]
        full = any(isinstance(t, OSError) and t.errno in _FULL for t in chain)
        if not full and not any(words in str(t) for t in chain for words in _FULL_WORDS):
            raise
        raise StoreTrouble(
            "DISK_FULL",
            f"There is no room left on the disk that holds {folder}; nothing was changed.",
            "Free some space, or put the workspace on a larger disk, and run it again.",
        ) from trouble


def close_quietly(file: IO[bytes]) -> None:
    """Close a file of which nothing is wanted any more, even when its last bytes find no room."""
    # A first close that fails to flush leaves the file open; the second one has nothing left to flush.
    for _ in range(2):
        with suppress(OSError, ValueError):
            file.close()


def sync_file(path: Path) -> None:
    """Return when the bytes of a file or the names in a folder are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Sync every file below a folder, every folder after what it holds, and the folder itself."""
    for place, _, files in os.walk(folder, topdown=False):
        for name in files:
            sync_file(Path(place) / name)
        sync_file(Path(place))


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees the old bytes or the new ones, never a part of them."""
    aside = path.with_name(path.name + ".aside")
    with aside.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    aside.replace(path)
    sync_file(path.parent)


def move_in(source: Path, target: Path) -> None:
    """Move a synced file or folder into its place; done already is fine."""
    if source.exists():
        if target.is_dir():
            shutil.rmtree(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)
        sync_file(target.parent)
        sync_file(source.parent)


def link_in(source: Path, target: Path) -> None:
    """Give a synced file, or every file of a folder, a second name; whatever had that name loses it."""
    if source.is_dir():
        for file in source.iterdir():
            link_in(file, target / file.name)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    os.link(source, target)
    sync_file(target.parent)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until nobody else holds a lock file, then hold it; the operating system frees it of the dead.

    Parameters
    ----------
    path
        The lock file.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


class FileMap(mmap.mmap):
    """A file seen in memory, which knows where it lies."""

    path: Path


def map_file(path: Path) -> FileMap:
    """Return a file seen in memory; it stays there even when the file is deleted."""
    with path.open("rb") as file:
        held = FileMap(file.fileno(), 0, access=mmap.ACCESS_READ)
    held.path = path
    return held


def empty(values: NDArray) -> bool:
    """Return whether an array is zeros, bit by bit: a negative zero is none."""
    once = values[:1] if values.strides == (0,) else values
    return not np.ascontiguousarray(once).view(f"u{values.itemsize}").any()


def write_array(out: BinaryIO, values: NDArray) -> None:
    """Write an array at the end of a file; zeros become a hole, which takes no disk. See ``end_of``."""
    if empty(values):
        out.seek(values.nbytes, os.SEEK_CUR)
    else:
        out.write(np.ascontiguousarray(values).data)


def end_of(out: BinaryIO) -> int:
    """Return the size of a file that arrays were written to, one that ends in a hole too."""
    return out.truncate(out.tell())


_turns: dict[str, threading.Lock] = defaultdict(threading.Lock)


class WriterLock:
    """The one writer of a workspace: a lock of the operating system, which a dead process cannot keep.

    Parameters
    ----------
    path
        The lock file; it holds the number of the process that writes, for the message to others.
    also
        Another lock that its holder has too; it is only ever held for moments, so it is waited for.
    """

    def __init__(self, path: Path, *, also: Path | None = None) -> None:
        self.path = path
        self._also = None if also is None else WriterLock(also)
        self._handle: int | None = None
        # Asking the operating system again and again is no queue: of the threads of a process one waits at a time.
        self._turn = _turns[str(path.absolute())]

    def take(self) -> None:
        """Become the writer.

        Raises
        ------
        StoreTrouble
            ``WORKSPACE_BUSY`` while another one writes.
        """
        if not self.take_within(0.0):
            raise self._busy()

    def take_within(self, seconds: float) -> bool:
        """Become the writer as soon as nobody else is, and say whether that came within a time."""
        end = time.monotonic() + seconds
        if not self._turn.acquire(timeout=seconds):
            return False
        try:
            while not self._locked():
                if time.monotonic() >= end:
                    return False
                time.sleep(0.005)
        finally:
            if self._handle is None:
                self._turn.release()
        if self._also is None or self._also.take_within(MOMENT_S):
            return True
        self._let_go()
        return False

    def take_patiently(self, seconds: float = PATIENCE_S) -> None:
        """Become the writer, waiting for what takes a moment; raises as ``take`` does."""
        if not self.take_within(seconds):
            raise self._busy()

    def give_back(self) -> None:
        """Let the next writer in; harmless when not held."""
        self.let_others_beside()
        self._let_go()

    def let_others_beside(self) -> None:
        """Give the other lock back, and keep this one."""
        if self._also is not None:
            self._also.give_back()

    def _let_go(self) -> None:
        if self._handle is not None:
            with suppress(OSError):
                os.ftruncate(self._handle, 0)
            os.close(self._handle)
            self._handle = None
            self._turn.release()

    def _locked(self) -> bool:
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return False
        self._handle = handle
        # A full disk must not stop the writer from having the lock: the number is only for words.
        with suppress(OSError):
            os.ftruncate(handle, 0)
            os.pwrite(handle, str(os.getpid()).encode(), 0)
        return True

    def _busy(self) -> StoreTrouble:
        holder = ""
        with suppress(OSError):
            holder = self.path.read_text(errors="replace").strip()
        return StoreTrouble(
            "WORKSPACE_BUSY",
            f"Process {holder or 'another one'} is writing to {self.path.parent}.",
            "Wait until it has ended, then run it again.",
        )
