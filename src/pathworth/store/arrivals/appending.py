"""Batches that come at the same time are written in one commit, so that many can come at the pace of one disk."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

from sqlalchemy import insert

from pathworth.store.records.data.arrivals import InboxRow
from pathworth.store.records.database import Database

_TABLE: Any = InboxRow.__table__
Queue = list[tuple[dict[str, Any], Future[int]]]


class Appending:
    """Writes batches into the inbox: whoever comes first writes for all who came meanwhile.

    Parameters
    ----------
    database
        Where to.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: Queue = []
        self._queueing, self._writing = threading.Lock(), threading.Lock()

    def add(self, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Return the numbers of batches once they are on the disk."""
        own: Queue = [(row, Future()) for row in rows]
        with self._queueing:
            self._queue += own
        with self._writing:
            # All of them were taken at a time, if they were.
            if own and not own[0][1].done():
                with self._queueing:
                    mine, self._queue = self._queue, []
                self._write(mine)
        return [done.result() for _, done in own]

    def _write(self, mine: Queue) -> None:
        try:
            with self._database.writing() as session:
                asked = insert(_TABLE).returning(_TABLE.c.id, sort_by_parameter_order=True)
                found = session.connection().execute(asked, [row for row, _ in mine])
                ids = found.scalars().all()
        except BaseException as trouble:  # noqa: BLE001  # whoever waits must hear of whatever it is
            for _, done in mine:
                done.set_exception(trouble)
            return
        for (_, done), number in zip(mine, ids, strict=True):
            done.set_result(number)
