"""Numbered events enter the lake: a file of it, a run of their ids, and a manifest that points at both.

A drain goes the way of an import (``commits``) and is true with the same moment, the commit of the lake's table.
Its snapshot has no shards of its own: the manifest names those of the base, and which files of the lake
hold what they lack. Only the first drain of all builds shards, since there are none to stand on.

The events of one day are one import to people, however many drains brought them in: each adds a part to it. What is
handed in again that an import holds waits until an import begins: the next day's first, or one before an undo.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import ColumnElement, UnaryExpression, func, select

from pathworth.store.accept import plan_for, stage_lake, stage_snapshot
from pathworth.store.arrivals import blocks
from pathworth.store.commits import Journal, Places, commit, current_id, is_true, take_back
from pathworth.store.contracts import ImportedFile, ImportResult, Snapshot
from pathworth.store.files import disk_trouble
from pathworth.store.fingerprints import PARTITIONS, Run, RunWriter, to_merge
from pathworth.store.identity.now import persons_now
from pathworth.store.lake import Lake, LakeFile
from pathworth.store.records.data.arrivals import ASIDE, WAITS, BlockRow
from pathworth.store.records.database import Database, ImportFileRow, ImportRow
from pathworth.store.shards.shape import Shape
from pathworth.store.shards.snapshots import Drained, Manifest, read_manifest
from pathworth.store.texts import split_digests
from pathworth.store.undo.shadows import ShadowWriter

HANDED_IN = "(events handed in)"
"""Stands where an import of files names its files."""
Least = Literal["new", "shadowed"]
Alone = Callable[[], AbstractContextManager[None]]
DRAIN_EVENTS = 200_000
"""So many events at most enter the lake at a time."""
_ROWS = 20_000
_KEPT = ("seq", "source", "message_id", "entity", "name", "value", "cost", "currency", "content")


@dataclass(frozen=True)
class DrainPlan:
    """What a drain is told at its beginning.

    Parameters
    ----------
    next_number
        Gives the number of each part of it, from the same series as those of imports.
    timezone, currency
        Of the workspace.
    author
        Who asked for it; null where that is not known.
    held
        Says what the workspace holds, once the events are on their way.
    least
        What must wait for a drain to be worth it: a new event, or a shadowed one alone.
    alone
        Held while the change is made true, which must not happen while somebody numbers.
    """

    next_number: Callable[[], int]
    timezone: str
    currency: str
    author: str | None
    held: Callable[[], Snapshot]
    least: Least = "new"
    alone: Alone = nullcontext


def drain(places: Places, plan: DrainPlan, *, database: Database) -> ImportResult | None:
    """Bring numbered events into the lake, the oldest first, part by part; the caller holds the writer's lock.

    All is written aside while others go on numbering; only the moment in which it becomes true is the drain's alone.

    Returns
    -------
    What became of them; null when none waited.

    Raises
    ------
    StoreTrouble
        ``DISK_FULL``; the events wait on.
    """
    # What is numbered meanwhile waits for the next drain, else there might be no end to it.
    with database.session() as session:
        newest = session.scalar(select(func.max(BlockRow.last_seq)).where(*WAITS)) or 0
    done: ImportResult | None = None
    while True:
        part = _part(places, plan, database, newest=newest)
        if part is None:
            return done
        done = part if done is None else replace(part, accepted=done.accepted + part.accepted)


def _part(
    places: Places, plan: DrainPlan, database: Database, *, newest: int
) -> ImportResult | None:
    old = (*WAITS, BlockRow.last_seq <= newest)
    rows = _events(database, old, order=BlockRow.first_seq.asc())
    aside = _events(database, ASIDE, order=BlockRow.first_seq.desc())
    if not len(rows) and (plan.least == "new" or not len(aside)):
        return None
    number = plan.next_number()
    try:
        with disk_trouble(places.root):
            journal = _Staging(places, database, plan, number=number).stage(rows, aside)
            with plan.alone():
                commit(places, journal, database=database)
    except Exception:
        if not is_true(places, number):
            take_back(places, number)
        raise
    return journal.result


def _events(
    database: Database, chosen: tuple[ColumnElement[bool], ...], *, order: UnaryExpression[int]
) -> pa.Table:
    """Return the events of the oldest blocks: of at least one, and then of so many that a part is not too large."""
    asked = select(BlockRow.body, BlockRow.events).where(*chosen).order_by(order)
    found: list[pa.Table] = []
    room = DRAIN_EVENTS
    with database.session() as session:
        for body, events in session.execute(asked.execution_options(yield_per=10)):
            room -= events
            if found and room < 0:
                break
            found.append(blocks.unpacked(body))
    return blocks.joined(found)


def _tables(events: pa.Table) -> Iterator[pa.Table]:
    """Yield events with the columns that the lake takes, properties under their own names."""
    # An id that was given is in its own column; only an event without one is known by its digest.
    given = events["message_id"].is_valid()
    digest = pc.if_else(given, pa.scalar(None, pa.binary(16)), events["digest"])
    times = events["time_us"].cast(pa.timestamp("us", "UTC"))
    kept = events.select([*_KEPT, *blocks.properties_of(events)])
    kept = kept.append_column("time", times).append_column("digest", digest.cast(pa.binary()))
    for first in range(0, len(kept), _ROWS):
        yield kept.slice(first, _ROWS)


def _with_words(events: pa.Table) -> Iterator[pa.Table]:
    """Yield events with the words of their ids too."""
    high, low = split_digests(blocks.one(events, "digest"))
    for first, table in zip(range(0, len(events), _ROWS), _tables(events), strict=True):
        mine = slice(first, first + len(table))
        words = table.append_column("high", pa.array(high[mine]))
        yield words.append_column("low", pa.array(low[mine]))


class _Staging:
    """Makes all that a drain changes beside what readers see."""

    def __init__(self, places: Places, database: Database, plan: DrainPlan, *, number: int) -> None:
        self.places, self.database, self.plan, self.number = places, database, plan, number
        self.lake = Lake(places.lake)
        self.folder = places.staging(number)
        self.name = f"{number:08d}"
        self.now = datetime.now(UTC)

    def stage(self, rows: pa.Table, aside: pa.Table) -> Journal:
        """Write everything aside and return the journal of it."""
        self.folder.mkdir(parents=True)
        day = 0 if self.plan.least == "shadowed" else self._day()
        # What an import holds is set aside as that of another, so that it outlives its undo.
        aside = aside.slice(0, 0) if day else aside
        self._set_aside(aside)
        journal = self._journal(rows, aside, day=day)
        return self._with_new(journal, rows, day) if len(rows) else journal

    def _with_new(self, journal: Journal, rows: pa.Table, day: int) -> Journal:
        """Write the new events aside and return the journal with them."""
        name = current_id(self.places)
        before = None if name is None else read_manifest(self.places.snapshot(name))
        files, columns = self._lake_files(rows, day)
        runs = self._run(rows, before)
        if before is None:
            after = self._built(files, columns)
        else:
            drained = Drained(files[0].path, len(rows), _last(rows))
            (self.folder / "ready" / "snapshot").mkdir(parents=True)
            after = replace(
                before,
                id=self.name,
                home=before.folder,
                shards=[],
                drained=[*before.drained, drained],
            )
        after.with_fingerprints([*runs, self.name]).write(self.folder / "ready" / "snapshot")
        seq = _last(rows)
        return replace(
            journal,
            snapshot=after.id,
            seq=seq,
            lake_files=tuple(files),
            lake_columns=tuple(sorted(columns.values())),
            drained=seq,
            last_seq=seq,
        )

    def _set_aside(self, rows: pa.Table) -> None:
        """Write the shadowed events."""
        if not len(rows):
            return
        own = sorted(blocks.properties_of(rows))
        writer = ShadowWriter(self.folder / "ready" / "shadowed.parquet", own)
        try:
            for table in _with_words(rows):
                writer.write(table)
            writer.close()
        except BaseException:
            writer.abandon()
            raise

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

    def _lake_files(self, rows: pa.Table, day: int) -> tuple[list[LakeFile], dict[str, str]]:
        own = sorted(blocks.properties_of(rows))
        columns = self.lake.columns_for(own)
        files = stage_lake(
            _tables(rows),
            self.lake,
            import_id=day or self.number,
            columns={name: columns[name] for name in own},
            total=len(rows),
            progress=lambda _share: None,
            undo_id=self.number if day else None,
        )
        return files, {name: columns[name] for name in own}

    def _run(self, rows: pa.Table, before: Manifest | None) -> list[str]:
        """Write the run of the ids and return those that stay beside it."""
        high, low = split_digests(blocks.one(rows, "digest"))
        content = rows["content"].to_numpy().view(np.uint64)
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
            persons=persons_now(self.database),
        )
        return stage_snapshot(
            self.lake,
            files,
            plan=shards,
            folder=self.folder / "ready" / "snapshot",
            scratch=self.folder / "rows",
            progress=lambda _share: None,
        )

    def _journal(self, rows: pa.Table, aside: pa.Table, *, day: int) -> Journal:
        held, sources = self.plan.held(), _sources(rows) | _sources(aside)
        result = ImportResult(
            import_id=self.number,
            accepted=len(rows),
            rejected=0,
            duplicates=len(aside),
            conflicting=0,
            entities=held.entities,
            events=held.events,
            from_us=held.first_us,
            to_us=held.last_us,
        )
        return Journal(
            result=result,
            source=sources.pop() if len(sources) == 1 else "several",
            committed_at=self.now.isoformat(timespec="seconds").replace("+00:00", "Z"),
            files=(ImportedFile(HANDED_IN, "", 0, len(rows) + len(aside), 0),),
            snapshot=None,
            seq=held.seq,
            lake_files=(),
            lake_columns=(),
            author=self.plan.author,
            shadowed=len(aside),
            part_of=day,
            aside=_last(aside) if len(aside) else 0,
        )


def _last(events: pa.Table) -> int:
    return int(events["seq"][-1].as_py())


def _sources(events: pa.Table) -> set[str]:
    return set(events["source"].unique().to_pylist())
