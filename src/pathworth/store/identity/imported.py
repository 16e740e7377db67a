"""What rows of files say of ids that are one person: said before the rows count, and taken back with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pyarrow as pa

from pathworth.store.contracts import ImportRecord
from pathworth.store.records.data.links import (
    SaidLink,
    say_links,
    says_anything,
    take_said_back,
)
from pathworth.store.records.database import Database, lock

TOGETHER = "sent together"
"""The rule of links between ids that stand in one row, as of those that are sent in one event."""
REMEMBERED = 200_000
"""So many links are known to be said without asking; people say the same in every batch."""


def spoken_by(source: str, sha256: str) -> str:
    """Return the source of links that a file says; the same bytes say the same, whichever import reads them."""
    return f"{source}, file {sha256[:12]}"


class Spoken:
    """What the files of one import say.

    Parameters
    ----------
    database
        Of the workspace.
    source
        Of the import.
    """

    def __init__(self, database: Database, source: str) -> None:
        self._database, self._source = database, source
        self._own: set[str] = set()
        self._said: set[tuple[str, str, str]] = set()

    def say(self, sha256: str, links: pa.Table, *, known_seq: int) -> None:
        """Say links ``one, other, at_us`` of a file that is known by its hash."""
        source = spoken_by(self._source, sha256)
        rows = [
            SaidLink(**row, rule=TOGETHER, source=source)
            for row in links.to_pylist()
            if (source, row["one"], row["other"]) not in self._said
        ]
        if not rows:
            return
        with self._database.writing() as session:
            lock(session)
            if not says_anything(session, source):
                self._own.add(source)
            say_links(session, rows, known_seq=known_seq)
        if len(self._said) > REMEMBERED:
            self._said.clear()
        self._said.update((source, row.one, row.other) for row in rows)

    def take_back(self) -> None:
        """Take back what nobody had said before this import."""
        if self._own:
            with self._database.writing() as session:
                lock(session)
                take_said_back(session, sorted(self._own))


@contextmanager
def silenced(
    database: Database, imports: Iterable[ImportRecord], *, which: int, known_seq: int
) -> Iterator[None]:
    """Take back what the files of one of the imports say while it is undone; when that fails it is said again."""
    sources = [
        spoken_by(record.source, file.sha256)
        for record in imports
        if record.result.import_id == which
        for file in record.files
        if not file.skipped
    ]
    with database.writing() as session:
        lock(session)
        said = take_said_back(session, sources)
    try:
        yield
    except BaseException:
        with database.writing() as session:
            lock(session)
            say_links(session, said, known_seq=known_seq)
        raise
