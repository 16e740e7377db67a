"""Reads every file and table of a workspace again, and says where a person is still found."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import LargeBinary, Text, select
from sqlalchemy.orm import Session

from pathworth.store.arrivals import blocks
from pathworth.store.commits import Places
from pathworth.store.erasing.contracts import Hit, Searched
from pathworth.store.erasing.rows import ErasureRow, iso
from pathworth.store.erasing.words import Words
from pathworth.store.records.data.arrivals import BlockRow
from pathworth.store.records.database import FILE, Base, Database
from pathworth.store.shards.snapshots import MANIFEST, open_snapshot
from pathworth.store.shared import all_present, bring_all
from pathworth.store.texts import ids_in

_PIECE, _OVERLAP = 16_777_216, 4_096
_HASHES = "fingerprints"
"""Its files hold numbers of 128 bits made of whole rows, and no text."""


@dataclass
class Search:
    """Looks for people in all that a workspace holds.

    Parameters
    ----------
    places, database
        The workspace.
    ids
        Their raw ids.
    words
        The same, and their addresses, as texts spell them.
    """

    places: Places
    database: Database
    ids: Sequence[str]
    words: Words
    _found: Counter[str] = field(default_factory=Counter)
    _files: int = 0
    _bytes: int = 0

    def run(self) -> Searched:
        """Read everything and say what was found."""
        all_present(self.places.lake)
        for folder in sorted(self.places.root.glob("snapshots/*")):
            bring_all(folder)
        for path in sorted(self.places.root.rglob("*")):
            name = str(path.relative_to(self.places.root))
            if not path.is_file() or name.startswith((FILE, f"{_HASHES}/")):
                continue
            try:
                self._file(path, name)
            except FileNotFoundError:
                # Whoever writes meanwhile took it away, and what came in its place knows nobody of these.
                continue
        tables = self._tables()
        return Searched(
            at=iso(time.time_ns() // 1000),
            files=self._files,
            bytes=self._bytes,
            tables=tables,
            words=len(self.words.spelled),
            short=self.words.short,
            hits=tuple(Hit(place, found) for place, found in sorted(self._found.items())),
        )

    def database_bytes(self) -> int:
        """Return how often the file of the embedded database, its log included, holds one of the words."""
        names = [self.places.root / f"{FILE}{end}" for end in ("", "-wal")]
        return sum(self._raw(path) for path in names if path.exists())

    def _file(self, path: Path, name: str) -> None:
        self._files += 1
        self._bytes += path.stat().st_size
        if path.suffix == ".parquet":
            found = self._parquet(path)
        elif path.suffix == ".shard":
            # Ids follow each other there without anything between them: the journeys are opened below.
            found = 0
        elif path.name == MANIFEST and path.parent.parent != self.places.built(""):
            found = self._raw(path) + self._journeys(path.parent)
        elif path.suffix == ".arrow":
            found = self._arrow(path)
        else:
            found = self._raw(path)
        if found:
            self._found[name] += found

    def _parquet(self, path: Path) -> int:
        found = 0
        with pq.ParquetFile(path) as held:
            for part in held.iter_batches():
                for name in part.schema.names:
                    found += self._texts(part[name], whole=name == "entity")
        return found

    def _arrow(self, path: Path) -> int:
        with pa.memory_map(str(path)) as held, pa.ipc.open_file(held) as reader:
            parts = [reader.get_batch(k) for k in range(reader.num_record_batches)]
            return sum(
                self._texts(part[n], whole=True) for part in parts for n in part.schema.names
            )

    def _journeys(self, folder: Path) -> int:
        """Look through the ids of shards, and through the words that their columns hold."""
        snapshot = open_snapshot(folder)
        found = sum(self._texts(ids_in(shard), whole=True) for shard in snapshot.shards)
        for info in snapshot.columns.values():
            found += sum(self.words.in_text(text) for text in info.values)
        return found

    def _texts(self, column: pa.Array, *, whole: bool) -> int:
        """Count the texts of a column that are an id, where ids stand, or that hold one of the words."""
        kind = column.type
        if pa.types.is_dictionary(kind):
            column = column.dictionary_decode()
            kind = column.type
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
            return 0
        texts = column.unique().drop_null()
        ids = set(self.ids) if whole else set[str]()
        likely = np.zeros(len(texts), np.bool_)
        for word in self.words.spelled:
            likely |= pc.match_substring(texts, word).to_numpy(zero_copy_only=False)
        if ids:
            same = pc.is_in(texts, value_set=pa.array(sorted(ids), kind))
            likely |= same.to_numpy(zero_copy_only=False)
        likely_texts = texts.filter(pa.array(likely)).to_pylist()
        return sum(text in ids or self.words.in_text(text) for text in likely_texts)

    def _raw(self, path: Path) -> int:
        """Count words in the bytes of a file, piece by piece, each with the end of the one before."""
        found, end = 0, b""
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                found += self.words.count_bytes(end + piece) - self.words.count_bytes(end)
                end = piece[-_OVERLAP:]
        return found

    def _tables(self) -> int:
        tables = [t for t in Base.metadata.sorted_tables if t.name != ErasureRow.__tablename__]
        with self.database.session() as session:
            for table in tables:
                plain = [c for c in table.columns if isinstance(c.type, Text)]
                for column in plain:
                    said = [column.contains(word, autoescape=True) for word in self.words.spelled]
                    for word in said:
                        texts = session.scalars(select(column).where(word).distinct())
                        self._hit(table.name, sum(self.words.in_text(text) for text in texts))
                for column in table.columns:
                    if (
                        isinstance(column.type, LargeBinary)
                        and table.name != BlockRow.__tablename__
                    ):
                        rows = session.scalars(select(column).execution_options(yield_per=50))
                        found = sum(self.words.count_bytes(body) for body in rows if body)
                        self._hit(table.name, found)
            self._hit(BlockRow.__tablename__, sum(self._blocks(session)))
        return len(tables)

    def _blocks(self, session: Session) -> Iterator[int]:
        for body in session.scalars(select(BlockRow.body).execution_options(yield_per=20)):
            events = blocks.unpacked(body)
            for name in events.column_names:
                yield self._texts(blocks.one(events, name), whole=name == "entity")

    def _hit(self, table: str, found: int) -> None:
        if found:
            self._found[f"table {table}"] += found
