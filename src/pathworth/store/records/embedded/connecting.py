"""Opens SQLite's file durably, and on a full disk at least for reading."""

from __future__ import annotations

import sqlite3
from pathlib import Path

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=10000",
    "foreign_keys=ON",
    # Of pages: whoever serves writes the log back in time, and whoever closes last writes all of it back.
    "wal_autocheckpoint=16000",
)
_SHARED_BYTES = 32_768


def connect(path: Path) -> sqlite3.Connection:
    """Open the file durably, checked and patiently; on a full disk at least for reading."""
    connection = sqlite3.connect(path)
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"pragma {pragma}")
    except sqlite3.OperationalError:
        connection.close()
        if not _nothing_pending(path):
            raise
        # SQLite found no room for its shared memory, which reading alone can do without.
        only_read = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(only_read, uri=True)
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
