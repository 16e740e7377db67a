"""The persons that the links of a workspace make now, kept in memory and renewed by what was said since."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa
from sqlalchemy import func, select

from pathworth.store.erasing.rows import ErasureRow
from pathworth.store.identity.components import Joined, joined, means_nobody
from pathworth.store.identity.persons import NOBODY_JOINED, Persons
from pathworth.store.records.data.links import changed_links, newest_change
from pathworth.store.records.database import Database
from pathworth.store.shards.dictionaries import Dictionary
from pathworth.store.tail.batch import Growing

_AT_ONCE = 50_000


class _LinksNow:
    """Reads the links of one workspace, and each of them once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._erasures = 0
        self._ids = Dictionary()
        self._row, self._one, self._other = (Growing(np.int64) for _ in range(3))
        self._sure, self._stands = Growing(np.float64), Growing(np.bool_)
        self._nobody, self._person = Growing(np.bool_), np.zeros(0, np.int64)
        self._persons = NOBODY_JOINED

    def persons(self, database: Database) -> Persons:
        """Return the persons as of now; the same object for as long as no link was said or taken back."""
        with self._lock:
            if self._renew(database):
                self._persons = self._made()
            return self._persons

    def joined(self, database: Database) -> tuple[pa.Array, Joined]:
        """Return every id that a link names that stands or stood, and what the links make of them."""
        self.persons(database)
        with self._lock:
            return self._ids.values(), self._joined()

    def _made(self) -> Persons:
        ids, person = self._ids.values(), self._joined().person
        before = np.arange(len(ids))
        several = np.flatnonzero(person != before)
        before[: len(self._person)] = self._person
        moved = ids.take(pa.array(np.flatnonzero(person != before)))
        since, self._person = self._persons.change, person
        held = ids.take(pa.array(several)), ids.take(pa.array(person[several]))
        return Persons(self._change, *held, since=since, moved=moved)

    def _joined(self) -> Joined:
        stands = self._stands.array
        one, other = self._one.array[stands], self._other.array[stands]
        ids, known = self._ids.values(), len(self._nobody)
        if len(ids) > known:
            self._nobody.append(means_nobody(ids.slice(known)))
        sure, nobody = self._sure.array[stands], self._nobody.array
        return joined(ids, one=one, other=other, sure=sure, nobody=nobody)

    def _renew(self, database: Database) -> bool:
        """Take in what was said and taken back since; return whether anything was."""
        with database.session() as session:
            erasures = session.scalar(select(func.max(ErasureRow.id))) or 0
            if erasures != self._erasures:
                # Digests stand where ids of those people stood, in rows that were read before.
                self._forget()
                self._erasures = erasures
            held = self._persons.change
            self._change = newest_change(session)
            if self._change == held:
                return False
            rows: list[tuple[int, str, str, float, bool]] = []
            for row in changed_links(session, held, until=self._change):
                rows.append(row)
                if len(rows) == _AT_ONCE:
                    self._take(rows)
                    rows = []
            self._take(rows)
        return True

    def _take(self, rows: Sequence[tuple[int, str, str, float, bool]]) -> None:
        """Take in links by their numbers: new ones, and some that were taken back."""
        known = self._row.array[-1] if len(self._row) else 0
        old = [row for row in rows if row[0] <= known]
        new = [row for row in rows if row[0] > known]
        places = np.searchsorted(self._row.array, [row[0] for row in old])
        self._stands.array[places] = [row[4] for row in old]
        self._row.append([row[0] for row in new])
        for k, codes in ((1, self._one), (2, self._other)):
            codes.append(self._ids.codes(pa.array([row[k] for row in new], pa.large_string())))
        self._sure.append(np.array([row[3] for row in new], np.float64))
        self._stands.append(np.array([row[4] for row in new], np.bool_))


_known: WeakKeyDictionary[Database, _LinksNow] = WeakKeyDictionary()
_lock = threading.Lock()


def persons_now(database: Database) -> Persons:
    """Return the persons of a workspace as of now."""
    return _links_now(database).persons(database)


def joined_now(database: Database) -> tuple[pa.Array, Joined]:
    """Return every id that a link of a workspace names or named, and what the links make of them."""
    return _links_now(database).joined(database)


def _links_now(database: Database) -> _LinksNow:
    with _lock:
        found = _known.get(database)
        if found is None:
            found = _known[database] = _LinksNow()
        return found
