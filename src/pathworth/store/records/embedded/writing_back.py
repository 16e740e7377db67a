"""Writes SQLite's log back into its file beside those who write, so that no commit has to wait for it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, suppress

EVERY_S = 2.0
SMALL = 1_000
"""Pages of the log that are not worth the turn of the disk."""
_BACK = "pragma wal_checkpoint(passive)"


class WritingBack:
    """Writes the log back again and again in a thread of its own.

    Parameters
    ----------
    connect
        Opens the database.
    alone
        Returns what keeps the writers of this process away. Most of the log is written back beside them; what they
        added meanwhile follows while none of them writes, for only a log that is written back whole begins anew.
    """

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        alone: Callable[[], AbstractContextManager[object]],
    ) -> None:
        self._connect, self._alone = connect, alone
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._turns, name="log of SQLite", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let the turn that runs end, and begin no other."""
        self._over.set()
        self._thread.join()

    def _turns(self) -> None:
        while not self._over.wait(EVERY_S):
            # Whatever stands in the way, a full disk say, stands in the way of those who write, who tell of it.
            with suppress(sqlite3.Error, OSError):
                self._turn()

    def _turn(self) -> None:
        with closing(self._connect()) as connection:
            _, pages, back = connection.execute(_BACK).fetchone()
            if pages == back and pages < SMALL:
                return
            with self._alone():
                connection.execute(_BACK)
