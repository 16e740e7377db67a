"""An undo from its beginning to its end: what goes is chosen, the rest is built anew beside it, then it is true."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.store.accept import plan_for, stage_lake, stage_snapshot
from pathworth.store.arrivals.held import shadowed_waiting
from pathworth.store.commits import Places, current_id, take_back
from pathworth.store.contracts import Undone
from pathworth.store.fingerprints import Run, RunWriter
from pathworth.store.identity.now import persons_now
from pathworth.store.lake import Lake, LakeFile
from pathworth.store.records.data.daily import DailyGone, what_goes
from pathworth.store.records.database import Database
from pathworth.store.shards.on_use import asked_names
from pathworth.store.shards.shape import Shape
from pathworth.store.shards.snapshots import Manifest, read_manifest
from pathworth.store.undo.choose import Choice, choose
from pathworth.store.undo.journal import UndoJournal, commit_undo, undo_is_true
from pathworth.store.undo.shadows import ShadowWriter, shadowed_properties, shadowed_rows

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class UndoPlan:
    """What an undo is told at its beginning.

    Parameters
    ----------
    number
        Its own number.
    import_id
        The import that goes.
    shape
        Sizes of what had codes before that import, as JSON; null when that is not known.
    timezone, currency
        Of the workspace.
    author
        Who asked for it.
    first_seq
        The number of the first event that comes in and had none: one that was handed in.
    """

    number: int
    import_id: int
    shape: str | None
    timezone: str
    currency: str
    author: str | None
    first_seq: int


def preview(places: Places, import_id: int, *, database: Database) -> Undone:
    """Say what undoing an import would do, and do nothing."""
    waiting = shadowed_waiting(database)
    scratch = places.root / "scratch" / f"undo-{import_id}"
    try:
        found = choose(places, import_id, scratch=scratch, waiting=waiting)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    gone = _daily_gone(database, import_id)
    return Undone(
        import_id, found.removed, found.restored, daily=gone.removed, daily_restored=gone.restored
    )


def _daily_gone(database: Database, import_id: int) -> DailyGone:
    with database.session() as session:
        return what_goes(session, import_id)


def undo(
    places: Places, plan: UndoPlan, *, database: Database, progress: Progress | None = None
) -> Undone:
    """Undo an import; the caller holds the writer's lock.

    Parameters
    ----------
    progress
        Told a stage in words and the share of it that is done.
    """
    try:
        journal = _Staging(
            places, plan, database, progress or (lambda _stage, _share: None)
        ).stage()
        commit_undo(places, journal, database=database)
    except Exception:
        if not undo_is_true(places, plan.number):
            take_back(places, plan.number)
        raise
    return journal.undone


class _Staging:
    """Makes all that an undo changes beside what readers see."""

    def __init__(self, places: Places, plan: UndoPlan, database: Database, tell: Progress) -> None:
        self.places, self.plan, self.database, self.tell = places, plan, database, tell
        self.folder = places.staging(plan.number)
        self.ready, self.scratch = self.folder / "ready", self.folder / "rows"
        self.lake = Lake(places.lake)
        self.name = f"{plan.number:08d}"
        self.seq = plan.first_seq

    def stage(self) -> UndoJournal:
        """Write everything aside and return the journal of it."""
        self.folder.mkdir(parents=True)
        name = current_id(self.places)
        before = None if name is None else read_manifest(self.places.snapshot(name))
        choice = self._choose(before)
        files, columns = self._come_back(choice)
        after = self._snapshot(choice, files, before)
        shutil.rmtree(self.scratch, ignore_errors=True)
        kept = after or (before if not choice.files else None)
        gone = _daily_gone(self.database, self.plan.import_id)
        undone = Undone(
            self.plan.import_id,
            choice.removed,
            choice.restored,
            kept.events if kept else 0,
            kept.entities if kept else 0,
            daily=gone.removed,
            daily_restored=gone.restored,
        )
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        return UndoJournal(
            number=self.plan.number,
            undone=undone,
            undone_at=now,
            author=self.plan.author,
            snapshot=None if after is None else after.id,
            emptied=bool(choice.files) and after is None,
            seq=kept.seq if kept else 0,
            gone=tuple(file.path for file in choice.files),
            lake_files=tuple(files),
            lake_columns=tuple(columns),
            shadows=tuple(choice.back),
        )

    def _choose(self, before: Manifest | None) -> Choice:
        """Find what goes and what comes back, and write the run of all ids that stay."""
        self.tell("looking for what goes", 0.0)
        runs = [Run(self.places.run(name)) for name in (before.fingerprints if before else ())]
        if not self.lake.files_of(self.plan.import_id):
            return Choice(())
        with RunWriter(self.ready / "run") as writer:
            found = choose(
                self.places, self.plan.import_id, scratch=self.scratch, runs=runs, writer=writer
            )
            writer.sync()
        self.tell("looking for what goes", 1.0)
        return found

    def _come_back(self, choice: Choice) -> tuple[list[LakeFile], list[str]]:
        """Write the rows that come back for the lake, and what is left of the shadowed ones."""
        files: list[LakeFile] = []
        columns: set[str] = set()
        for owner, rows in choice.back.items():
            path = self.places.shadows(owner)
            names = shadowed_properties(path)
            lake_columns = self.lake.columns_for(names)
            own = {name: lake_columns[name] for name in names}
            files += stage_lake(
                self._split(owner, rows, names),
                self.lake,
                import_id=owner,
                columns=own,
                total=len(rows),
                progress=lambda share: self.tell("bringing events back", share),
                undo_id=self.plan.number,
            )
            columns.update(own.values())
        return files, sorted(columns)

    def _split(self, owner: int, rows: NDArray[np.int64], names: list[str]) -> Iterator[pa.Table]:
        """Yield the rows that come back, and keep the others shadowed."""
        rest = ShadowWriter(self.ready / "shadowed" / f"{owner:08d}.parquet", names)
        left = 0
        try:
            for back, others in shadowed_rows(self.places.shadows(owner), rows):
                if len(others):
                    rest.write(others)
                    left += len(others)
                yield self._numbered(back.drop_columns(["high", "low"]))
            rest.close()
        except BaseException:
            rest.abandon()
            raise
        if not left:
            mark = self.folder / "none-left" / f"{owner:08d}"
            mark.parent.mkdir(exist_ok=True)
            mark.touch()

    def _numbered(self, rows: pa.Table) -> pa.Table:
        """Give numbers to the rows that have none yet: a file's stand where they stood in it."""
        seq = rows["seq"].to_numpy().copy()
        waited = np.flatnonzero(seq < 0)
        seq[waited] = np.arange(self.seq, self.seq + len(waited))
        self.seq += len(waited)
        return rows.set_column(rows.schema.get_field_index("seq"), "seq", pa.array(seq))

    def _snapshot(
        self, choice: Choice, files: list[LakeFile], before: Manifest | None
    ) -> Manifest | None:
        """Build the snapshot of all that is left aside; null when nothing is, or nothing goes."""
        gone = {file.path for file in choice.files}
        every = [file for file in self.lake.files() if file.path not in gone] + files
        if not gone or not every or before is None:
            shutil.rmtree(self.ready / "run", ignore_errors=True)
            return None
        columns = self.lake.properties()
        for owner in choice.back:
            columns = {
                **self.lake.columns_for(shadowed_properties(self.places.shadows(owner))),
                **columns,
            }
        held, asked = self.places.snapshot(before.folder), asked_names(self.places, before)
        shape = Shape.of(before, held, asked=asked)
        plan = plan_for(
            self.lake,
            sorted(every, key=lambda file: (file.path.split("/")[1], file.path)),
            columns=columns,
            shape=shape.cut(self.plan.shape),
            snapshot_id=self.name,
            settings=(self.plan.timezone, self.plan.currency),
            persons=persons_now(self.database),
        )
        made = stage_snapshot(
            self.lake,
            sorted(every, key=lambda file: (file.path.split("/")[1], file.path)),
            plan=plan,
            folder=self.ready / "snapshot",
            scratch=self.scratch / "shards",
            progress=lambda share: self.tell("building journeys", share),
        )
        made = replace(made.with_fingerprints([self.name]))
        made.write(self.ready / "snapshot")
        return made
