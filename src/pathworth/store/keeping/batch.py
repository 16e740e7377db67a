"""The batch that removes what is older than it is kept, by the same way as people who are erased."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pathworth.store.backups.freezing import sweep_backup
from pathworth.store.erasing.rewriting import RewritingBatch
from pathworth.store.files import disk_trouble
from pathworth.store.keeping import rows
from pathworth.store.keeping.ages import TooOld, first_kept_us, kept, too_old
from pathworth.store.keeping.aside import Aside, Older
from pathworth.store.keeping.contracts import (
    DECISIONS,
    OWN,
    REFUSED,
    KeepBatch,
    KeepNote,
    Kept,
    Removed,
)
from pathworth.store.lake import Lake
from pathworth.store.records.database import lock
from pathworth.store.shared import copies_of, footer, present
from pathworth.store.tail.compact import compacting


class Batch(RewritingBatch):
    """One batch for what is too old."""

    def run(self) -> KeepBatch:
        """Remove what is too old at this moment, whatever was cut short; may be called again at any time."""
        with disk_trouble(self.places.root), compacting(self.places):
            with self.writing() as number:
                batch, older = self._begin()
                self._rewrite(number, batch, older.events)
                self._take_out(batch, older)
            sweep_backup(self.places)
            self.publish()
            copies = copies_of(self.places.root, self.database)
            if copies is not None:
                copies.sweep(everything=True)
            with self.database.writing() as session:
                lock(session)
                removed = bool(rows.batches(session, most=1)[0].removed)
            if removed:
                self.tell("writing the database anew", 0.0)
                self.database.shred()
            return self._end(batch)

    def _begin(self) -> tuple[int, Older]:
        with self.database.writing() as session:
            lock(session)
            limits = kept(session)
            older = older_than(limits, timezone=self.settings[0], now_us=time.time_ns() // 1000)
            return rows.begun(session, limits), older

    def _rewrite(self, number: int, batch: int, old: TooOld) -> None:
        """Write files of the lake without what is too old, and journeys anew."""
        files, events = look(Lake(self.places.lake), old)
        if files:
            self.rewrite(number, old, found=files, kept=KeepNote(batch, events))

    def _take_out(self, batch: int, older: Older) -> None:
        """Remove what lies beside the lake; done again it finds nothing."""
        aside = Aside(self.places, self.database, older)
        gone: list[Removed] = aside.files()
        with self.database.writing() as session:
            lock(session)
            rows.tell(session, batch, removed=[*gone, *aside.rows(session)])

    def _end(self, batch: int) -> KeepBatch:
        with self.database.writing() as session:
            lock(session)
            return rows.end(session, batch)


def older_than(limits: Kept, *, timezone: str, now_us: int) -> Older:
    """Return what is too old of every class at a moment."""

    def first(name: str) -> int | None:
        limit = limits.of(name)
        return None if limit is None else first_kept_us(limit, timezone=timezone, now_us=now_us)

    events = too_old(limits, timezone=timezone, now_us=now_us)
    return Older(events, first(DECISIONS), first(REFUSED))


def look(lake: Lake, old: TooOld) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many events of the lake are too old, by file and by the class of their source."""
    files: Counter[str] = Counter()
    events: Counter[str] = Counter()
    for path, gone in old_rows(lake, old):
        files[path] += len(gone)
        for one in pc.value_counts(gone["source"]).to_pylist():
            events[f"{OWN}{one['values'] or ''}"] += one["counts"]
    return dict(files), dict(events)


def old_rows(lake: Lake, old: TooOld) -> Iterator[tuple[str, pa.Table]]:
    """Yield a file of the lake and the sources and times of events in it that are too old, part by part."""
    for file in lake.files() if old else ():
        path = lake.folder / file.path
        said = footer(path)
        groups = [k for k in range(said.num_row_groups) if _may_hold(said, k, old)]
        if not groups:
            continue
        with pq.ParquetFile(present(path)) as held:
            for group in groups:
                part = held.read_row_group(group, columns=list(old.columns))
                gone = part.filter(old.of(part))
                if len(gone):
                    yield file.path, gone


def _may_hold(held: pq.FileMetaData, group: int, old: TooOld) -> bool:
    """Return whether some row of a part may be too old, by what its footer says of times."""
    place = held.schema.names.index("time")
    said = held.row_group(group).column(place).statistics
    if said is None or not said.has_min_max:
        return True
    earliest = np.datetime64(said.min.replace(tzinfo=None), "us").astype(np.int64)
    return bool(earliest < old.latest)
