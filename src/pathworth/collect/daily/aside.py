"""What files of numbers say, on the disk until all of them are read, so that memory does not grow with them."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

import pyarrow as pa

from pathworth.collect.map_rows import REJECTS, reject_batch
from pathworth.collect.readers import Torn
from pathworth.store import DailyValue

_AT_ONCE = 500
# Nothing of it outlives the process, so nothing of it has to be safe.
_PRAGMAS = ("journal_mode=OFF", "synchronous=OFF", "cache_size=-8192", "temp_store=FILE")
_TABLES = (
    "CREATE TABLE seen (key BLOB PRIMARY KEY, micro INTEGER) WITHOUT ROWID",
    "CREATE TABLE value (n INTEGER PRIMARY KEY, key BLOB UNIQUE, day TEXT, days INTEGER, measure TEXT, "
    "dimensions TEXT, micro INTEGER, currency TEXT, adds INTEGER)",
)
_KEEP = (
    "INSERT INTO value (key, day, days, measure, dimensions, micro, currency, adds) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (key) DO UPDATE SET micro = excluded.micro, adds = excluded.adds"
)
_READ = "SELECT day, days, measure, dimensions, micro, currency, adds FROM value ORDER BY n"


class Aside:
    """Numbers and refused rows of some files, in the folder for temporary files; a context that removes them."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="pathworth-")
        self._rejects = Path(self._folder.name) / "rejects.arrows"
        self._sink = pa.OSFile(str(self._rejects), "wb")
        self._writer = pa.ipc.new_stream(self._sink, REJECTS)
        self._database = sqlite3.connect(f"{self._folder.name}/said.db", isolation_level=None)
        for pragma in _PRAGMAS:
            self._database.execute(f"PRAGMA {pragma}")
        for table in _TABLES:
            self._database.execute(table)

    def __enter__(self) -> Aside:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.close()
        self._end()
        self._folder.cleanup()

    def turn(self) -> None:
        """Turn to another file: whatever it says was not said before."""
        self._database.execute("DELETE FROM seen")

    def seen(self, keys: Sequence[bytes]) -> dict[bytes, int]:
        """Return the numbers that this file said already of some keys."""
        found: dict[bytes, int] = {}
        for first in range(0, len(keys), _AT_ONCE):
            some = keys[first : first + _AT_ONCE]
            asked = f"SELECT key, micro FROM seen WHERE key IN ({', '.join('?' * len(some))})"
            found.update(self._database.execute(asked, some).fetchall())
        return found

    def note(self, said: Mapping[bytes, int]) -> None:
        """Note what this file said of some keys."""
        self._many("INSERT OR REPLACE INTO seen VALUES (?, ?)", said.items())

    def keep(self, values: Iterable[DailyValue]) -> None:
        """Keep numbers; a later one takes the place of an earlier one of the same thing."""
        self._many(
            _KEEP,
            (
                (
                    key_of(v),
                    v.day,
                    v.days,
                    v.measure,
                    v.dimensions,
                    v.micro,
                    v.currency,
                    int(v.adds),
                )
                for v in values
            ),
        )

    def values(self) -> Iterator[DailyValue]:
        """Yield every number once, in the order in which they were first said."""
        for day, days, measure, dimensions, micro, currency, adds in self._database.execute(_READ):
            yield DailyValue(day, days, measure, dimensions, micro, currency, bool(adds))

    def refuse(self, place: int, torn: list[Torn]) -> None:
        """Keep refused rows of a file."""
        if torn:
            self._writer.write_batch(reject_batch(place, torn))

    def refused(self) -> Iterator[pa.RecordBatch]:
        """Yield the refused rows; no more are taken behind that."""
        self._end()
        with pa.OSFile(str(self._rejects), "rb") as source, pa.ipc.open_stream(source) as reader:
            yield from reader

    def _end(self) -> None:
        if not self._sink.closed:
            self._writer.close()
            self._sink.close()

    def _many(self, words: str, rows: Iterable[tuple[object, ...]]) -> None:
        self._database.execute("BEGIN")
        self._database.executemany(words, rows)
        self._database.execute("COMMIT")


def key_of(one: DailyValue) -> bytes:
    """Return what a number of a source is found by: all that is said of it but the number itself."""
    said = json.dumps([one.day, one.days, one.measure, one.dimensions, one.currency])
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).digest()
