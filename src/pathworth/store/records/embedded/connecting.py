"""Opens SQLite's file durably, and on a full disk at least for reading."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import QueuePool

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=10000",
    "foreign_keys=ON",
    # KiB of pages for each connection, of which a server has several: the operating system keeps the file's as well.
    "cache_size=-512",
    # Of pages: whoever serves writes the log back in time, and whoever closes last writes all of it back.
    "wal_autocheckpoint=16000",
)
_SHARED_BYTES = 32_768
_KEPT = 8
"""So many connections stay open at most between those who need one."""


class OnlyReads(sqlite3.Connection):
    """A connection that was opened for reading alone, and takes the file for one that never changes."""


def keeping(connect: Callable[[], sqlite3.Connection]) -> Engine:
    """Return an engine that keeps connections open, but for those that only read: there may be room again.

    Parameters
    ----------
    connect
        Opens the database.
    """
    engine = create_engine(
        "sqlite://", creator=connect, poolclass=QueuePool, pool_size=_KEPT, max_overflow=-1
    )

    @event.listens_for(engine, "checkin")
    def _let_go(connection: object, record: Any) -> None:
        if isinstance(connection, OnlyReads):
            record.invalidate()

    return engine


def connect(path: Path) -> sqlite3.Connection:
    """Open the file durably, checked and patiently; on a full disk at least for reading."""
    # Whoever needs one next may be another thread; never are there two at a time.
    connection = sqlite3.connect(path, check_same_thread=False)
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"pragma {pragma}")
    except sqlite3.OperationalError:
        connection.close()
        if not _nothing_pending(path):
            raise
        # SQLite found no room for its shared memory, which reading alone can do without.
        only_read = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(
            only_read, uri=True, check_same_thread=False, factory=OnlyReads
        )
    return connection


def _nothing_pending(path: Path) -> bool:
    """Return whether all that was committed is in the file itself, and clear what a full disk left."""
    log = path.with_name(f"{path.name}-wal")
    shared = path.with_name(f"{path.name}-shm")
    if log.exists() and log.stat().st_size:
        return False
    if shared.exists() and shared.stat().st_size < _SHARED_BYTES:
        # Shorter than any that a process could be using: it is what our own attempt could write.
        shared.unlink(missing_ok=True)
        log.unlink(missing_ok=True)
    return True
