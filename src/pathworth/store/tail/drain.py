"""Numbered events enter the lake: a file of it, a run of their ids, and a manifest that points at both.

A drain goes the way of an import (``commits``) and is true with the same moment, the commit of the lake's table.
Its snapshot has no shards of its own: the manifest names those of the base, and which files of the lake
hold what they lack. Only the first drain of all builds shards, since there are none to stand on.

The events of one day are one import to people, however many drains brought them in: each adds a part to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from sqlalchemy import Row, select

from pathworth.store.accept import plan_for, stage_lake, stage_snapshot
from pathworth.store.commits import Journal, Places, commit, current_id, is_true, take_back
from pathworth.store.contracts import ImportedFile, ImportResult, Snapshot
from pathworth.store.files import disk_trouble
from pathworth.store.fingerprints import PARTITIONS, Run, RunWriter, to_merge
from pathworth.store.lake import Lake, LakeFile
from pathworth.store.records.data.arrivals import ArrivedRow
from pathworth.store.records.database import Database, ImportFileRow, ImportRow
from pathworth.store.shards.shape import Shape
from pathworth.store.shards.snapshots import Drained, Manifest, read_manifest
from pathworth.store.tail.rows import properties_of
from pathworth.store.texts import split_digests

HANDED_IN = "(events handed in)"
"""Stands where an import of files names its files."""
DRAIN_EVENTS = 200_000
"""So many events at most enter the lake at a time."""
_ROWS = 20_000
_KEPT = ("seq", "source", "message_id", "entity", "name", "value", "cost", "currency", "content")


@dataclass(frozen=True)
class DrainPlan:
    """What a drain is told at its beginning.

    Parameters
    ----------
    number
        Its own number, from the same series as those of imports.
    timezone, currency
        Of the workspace.
    author
        Who asked for it; null where that is not known.
    held
        Says what the workspace holds, once the events are on their way.
    """

    number: int
    timezone: str
    currency: str
    author: str | None
    held: Callable[[], Snapshot]


def drain(places: Places, plan: DrainPlan, *, database: Database) -> ImportResult | None:
    """Bring numbered events into the lake, the oldest first; the caller holds the writer's lock.

    Returns
    -------
    What became of them; null when none waited.

    Raises
    ------
    StoreTrouble
        ``DISK_FULL``; the events wait on.
    """
    rows = _rows(database)
    if not rows:
        return None
    try:
        with disk_trouble(places.root):
            journal = _Staging(places, database, plan).stage(rows)
            commit(places, journal, database=database)
    except Exception:
        if not is_true(places, plan.number):
            take_back(places, plan.number)
        raise
    return journal.result


def _rows(database: Database) -> Sequence[Row]:
    names = (*_KEPT, "digest", "time_us", "properties")
    asked = (
        select(*(getattr(ArrivedRow, name) for name in names))
        .where(ArrivedRow.drained.is_(False))
        .order_by(ArrivedRow.seq)
        .limit(DRAIN_EVENTS)
    )
    with database.session() as session:
        return session.execute(asked).all()


def _tables(rows: Sequence[Row]) -> Iterator[pa.Table]:
    """Yield events with the columns that the lake takes, properties under their own names."""
    for first in range(0, len(rows), _ROWS):
        part = rows[first : first + _ROWS]
        columns = {name: [getattr(row, name) for row in part] for name in _KEPT}
        times = pa.array([row.time_us for row in part], pa.int64())
        # An id that was given is in its own column; only an event without one is known by its digest.
        digests = [row.digest if row.message_id is None else None for row in part]
        yield pa.table(
            {
                **{
                    name: pa.array(held, _TYPES.get(name, pa.string()))
                    for name, held in columns.items()
                },
                "time": times.cast(pa.timestamp("us", "UTC")),
                "digest": pa.array(digests, pa.binary()),
                **properties_of([row.properties for row in part]),
            }
        )


_TYPES = dict.fromkeys(("seq", "value", "cost", "content"), pa.int64())


class _Staging:
    """Makes all that a drain changes beside what readers see."""

    def __init__(self, places: Places, database: Database, plan: DrainPlan) -> None:
        self.places, self.database, self.plan = places, database, plan
        self.lake = Lake(places.lake)
        self.folder = places.staging(plan.number)
        self.name = f"{plan.number:08d}"
        self.now = datetime.now(UTC)

    def stage(self, rows: Sequence[Row]) -> Journal:
        """Write everything aside and return the journal of it."""
        self.folder.mkdir(parents=True)
        name = current_id(self.places)
        before = None if name is None else read_manifest(self.places.snapshot(name))
        day = self._day()
        files, columns = self._lake_files(rows, day)
        runs = self._run(rows, before)
        if before is None:
            after = self._built(files, columns)
        else:
            drained = Drained(files[0].path, len(rows), rows[-1].seq)
            (self.folder / "ready" / "snapshot").mkdir(parents=True)
            after = replace(
                before,
                id=self.name,
                home=before.folder,
                shards=[],
                drained=[*before.drained, drained],
            )
        after.with_fingerprints([*runs, self.name]).write(self.folder / "ready" / "snapshot")
        return self._journal(rows, after, day=day, files=files, columns=columns)

    def _day(self) -> int:
        """Return the import that today's events belong to; 0 when these are the first."""
        newest = (
            select(ImportRow.id, ImportRow.committed_at, ImportRow.undone_at)
            .join(ImportFileRow, ImportFileRow.import_id == ImportRow.id)
            .where(ImportFileRow.path == HANDED_IN)
            .order_by(ImportRow.id.desc())
            .limit(1)
        )
        with self.database.session() as session:
            found = session.execute(newest).one_or_none()
        if found is None or found.undone_at is not None:
            return 0
        zone = ZoneInfo(self.plan.timezone)
        begun = datetime.fromisoformat(found.committed_at).astimezone(zone)
        return int(found.id) if begun.date() == self.now.astimezone(zone).date() else 0

    def _lake_files(self, rows: Sequence[Row], day: int) -> tuple[list[LakeFile], dict[str, str]]:
        names = {name for table in _tables(rows) for name in table.column_names}
        own = sorted(names - {*_KEPT, "time", "digest"})
        columns = self.lake.columns_for(own)
        files = stage_lake(
            _tables(rows),
            self.lake,
            import_id=day or self.plan.number,
            columns={name: columns[name] for name in own},
            total=len(rows),
            progress=lambda _share: None,
            undo_id=self.plan.number if day else None,
        )
        return files, {name: columns[name] for name in own}

    def _run(self, rows: Sequence[Row], before: Manifest | None) -> list[str]:
        """Write the run of the ids and return those that stay beside it."""
        high, low = split_digests(pa.array([row.digest for row in rows], pa.binary(16)))
        content = np.array([row.content for row in rows], np.int64).view(np.uint64)
        runs = [Run(self.places.run(name)) for name in (before.fingerprints if before else ())]
        merged = to_merge(runs, len(rows))
        part = high >> np.uint64(58)
        with RunWriter(self.folder / "ready" / "run") as writer:
            for partition in range(PARTITIONS):
                mine = part == partition
                pieces = [*(run.piece(partition) for run in merged)]
                pieces.append((high[mine], low[mine], content[mine]))
                writer.add([np.concatenate(column) for column in zip(*pieces, strict=True)])
            writer.sync()
        return [run.folder.name for run in runs if run not in merged]

    def _built(self, files: Sequence[LakeFile], columns: dict[str, str]) -> Manifest:
        shards = plan_for(
            self.lake,
            files,
            columns=columns,
            shape=Shape(),
            snapshot_id=self.name,
            settings=(self.plan.timezone, self.plan.currency),
        )
        return stage_snapshot(
            self.lake,
            files,
            plan=shards,
            folder=self.folder / "ready" / "snapshot",
            scratch=self.folder / "rows",
            progress=lambda _share: None,
        )

    def _journal(
        self,
        rows: Sequence[Row],
        after: Manifest,
        *,
        day: int,
        files: Sequence[LakeFile],
        columns: dict[str, str],
    ) -> Journal:
        held, sources = self.plan.held(), {row.source for row in rows}
        result = ImportResult(
            import_id=self.plan.number,
            accepted=len(rows),
            rejected=0,
            duplicates=0,
            conflicting=0,
            entities=held.entities,
            events=held.events,
            from_us=held.first_us,
            to_us=held.last_us,
        )
        seq = int(rows[-1].seq)
        return Journal(
            result=result,
            source=sources.pop() if len(sources) == 1 else "several",
            committed_at=self.now.isoformat(timespec="seconds").replace("+00:00", "Z"),
            files=(ImportedFile(HANDED_IN, "", 0, len(rows), 0),),
            snapshot=after.id,
            seq=seq,
            lake_files=tuple(files),
            lake_columns=tuple(sorted(columns.values())),
            author=self.plan.author,
            drained=seq,
            last_seq=seq,
            part_of=day,
        )
