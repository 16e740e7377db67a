"""One import: rows are set aside as they come, and nothing is visible before the commit."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import TracebackType

import pyarrow as pa

from pathworth.base.errors import WrongUsage
from pathworth.store.accept import NewRows, plan_for, shadow, stage_snapshot, stage_zones
from pathworth.store.aside.logbook import Base, Begun, Cleared, Judged
from pathworth.store.aside.shards import kept_shards
from pathworth.store.aside.unfinished import Home, begin
from pathworth.store.aside.verdicts import Verdicts
from pathworth.store.commits import Journal, Places, commit, current_id, is_true, take_back
from pathworth.store.contracts import ImportedFile, ImportResult, InputFile, Snapshot
from pathworth.store.erasing.suppressed import erased_now
from pathworth.store.files import WriterLock, disk_trouble, link_in, sync_tree
from pathworth.store.fingerprints import Question, Run, RunWriter, judge, to_merge
from pathworth.store.identity.imported import Spoken
from pathworth.store.identity.now import persons_now
from pathworth.store.keeping.ages import old_now
from pathworth.store.lake import Lake, LakeFile
from pathworth.store.payload import Payload, shaped
from pathworth.store.records.database import Database
from pathworth.store.shards.on_use import asked_names
from pathworth.store.shards.shape import Shape
from pathworth.store.shards.snapshots import Manifest, read_manifest

Progress = Callable[[str, float], None]
Mark = Callable[[], str]
SHADOWS = "shadowed.parquet"


@dataclass(frozen=True)
class ImportPlan:
    """What an import is told at its beginning.

    Parameters
    ----------
    import_id
        Its number.
    source
        Part of every event's identity.
    files
        What it reads, in the order in which rows come.
    hashed
        Whether the ids of rows are hashes of the rows.
    timezone, currency
        Of the workspace.
    first_seq
        The number that its first event gets.
    author
        Who imports; null where that is not known.
    held
        Says what the workspace holds, what came in since the shards were written included.
    after
        What is done once it is true.
    home
        Where its rows are set aside; null for a place that goes away with the process.
    """

    import_id: int
    source: str
    files: tuple[InputFile, ...]
    hashed: bool
    timezone: str
    currency: str
    first_seq: int
    author: str | None
    held: Callable[[], Snapshot]
    after: Callable[[Progress], object]
    home: Home | None = None


class ImportTransaction:
    """Takes the rows of an import, file by file and in their order, and makes all of them true at once, or none.

    A context manager: leaving it without a commit takes everything back.
    """

    def __init__(
        self, places: Places, plan: ImportPlan, *, database: Database, lock: WriterLock
    ) -> None:
        self._places, self._plan, self._database, self._lock = places, plan, database, lock
        self._staging = places.staging(plan.import_id)
        self._home = plan.home or Home(self._staging / "rows")
        self._repeated_files = [0] * len(plan.files)
        self._mark: Mark | None = None
        self._spoken = Spoken(database, plan.source)
        self._open = True
        with disk_trouble(places.root):
            self._staging.mkdir(parents=True)
            self._payload = Payload(
                self._home.folder,
                len(plan.files),
                source=plan.source,
                hashed=plan.hashed,
                logbook=self._home.logbook,
                erased=erased_now(database),
                old=old_now(database),
            )

    def __enter__(self) -> ImportTransaction:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end(keep=kind is KeyboardInterrupt)

    @property
    def marks(self) -> tuple[str, ...]:
        """Return the marks of the blocks that an earlier process set aside before it was cut short."""
        return tuple(self._payload.marks)

    @property
    def kept(self) -> int:
        """Return how many rows of the files that process set aside, refused ones included."""
        return self._payload.rows + int(self._payload.rejected.sum())

    @property
    def notice(self) -> str | None:
        """Return what a person should know about an earlier import of the files, if there is anything."""
        return self._home.notice

    def add(self, batch: pa.RecordBatch | pa.Table, mark: Mark | None = None) -> None:
        """Take rows that were read.

        Parameters
        ----------
        batch
            ``file int32, row int64, entity, name, time_us int64, digest fixed_size_binary[16], message_id,
            value, cost int64, currency``; every other column is a property, kept as text.
        mark
            Tells, when it is asked, how reading goes on behind these rows and those refused before them.

        Raises
        ------
        WrongUsage
            ``BAD_BATCH``, ``IMPORT_CLOSED``.
        StoreTrouble
            ``DISK_FULL``; the import is taken back.
        """
        with self._safely():
            self._mark = mark
            self._payload.add(shaped(batch), mark)

    def link(self, file: int, links: pa.Table) -> None:
        """Say which ids ``one, other, at_us`` a file shows to be one person, before the rows that do are taken."""
        with self._safely():
            self._spoken.say(
                self._plan.files[file].sha256, links, known_seq=self._plan.first_seq - 1
            )

    def reject(self, batch: pa.RecordBatch) -> None:
        """Take rows that could not be read: ``file int32, row int64, code, reason, raw``."""
        with self._safely():
            self._payload.reject(batch)

    def skip_file(self, file: int, rows: int) -> None:
        """Count a file that was imported before, byte for byte, as duplicates without reading it again."""
        self._repeated_files[file] = rows

    def commit(self, progress: Progress | None = None) -> ImportResult:
        """Make the import true and say what became of its rows; progress is told a stage and the share done.

        Raises
        ------
        StoreTrouble
            ``DISK_FULL``; the workspace is as it was before.
        """
        tell = progress or (lambda _stage, _share: None)
        with self._safely():
            self._payload.flush(self._mark)
            previous = self._previous()
            verdicts, runs = self._judge(previous, tell)
            held = self._places.snapshot(previous.folder) if previous else None
            shape = Shape.of(previous, held, asked=asked_names(self._places, previous))
            files, columns = self._stage_rows(verdicts, tell)
            ready = self._staging / "ready"
            ready.mkdir(exist_ok=True)
            self._payload.write_rejects(ready / "rejects.parquet")
            if files:
                manifest = self._stage_snapshot(files, shape, tell)
                manifest = manifest.with_fingerprints([*runs, self._name])
                manifest = replace(manifest, since=previous.since if previous else self._name)
                manifest.write(ready / "snapshot")
                link_in(self._home.folder / "run", ready / "run")
                journal = self._journal(verdicts, manifest, files=files, columns=columns)
            else:
                journal = self._journal(verdicts, self._plan.held(), files=[], columns=[])
            journal = replace(journal, shape=shape.sizes())
            self._payload.close()
            shutil.rmtree(self._staging / "rows", ignore_errors=True)
            commit(self._places, journal, database=self._database)
            self._close()
        self._plan.after(tell)
        return journal.result

    def abort(self) -> None:
        """Take everything back; harmless after a commit."""
        self._end(keep=False)

    def _end(self, *, keep: bool) -> None:
        """Take everything back, or all but the rows that are set aside, for whoever imports the files again."""
        if self._open:
            self._payload.close()
            if not is_true(self._places, self._plan.import_id):
                take_back(self._places, self._plan.import_id)
                if not keep:
                    self._home.drop()
                    self._spoken.take_back()
            self._close()

    @property
    def _name(self) -> str:
        return f"{self._plan.import_id:08d}"

    @contextmanager
    def _safely(self) -> Iterator[None]:
        """Take the import back when a step of it fails, and tell a full disk in words."""
        if not self._open:
            raise WrongUsage("IMPORT_CLOSED", "This import has ended.", "Begin a new import.")
        try:
            with disk_trouble(self._places.root):
                yield
        except KeyboardInterrupt:
            self._end(keep=True)
            raise
        except BaseException:
            self.abort()
            raise

    def _close(self) -> None:
        if self._home.logbook is not None:
            self._home.logbook.close()
        self._open = False
        self._lock.give_back()

    def _previous(self) -> Manifest | None:
        name = current_id(self._places)
        return None if name is None else read_manifest(self._places.snapshot(name))

    def _judge(self, previous: Manifest | None, tell: Progress) -> tuple[Verdicts, list[str]]:
        """Judge the rows and write the run of their ids; return also the runs that stay beside it."""
        folder, logbook = self._home.folder, self._home.logbook
        known = logbook.of(Judged) if logbook else []
        if known:
            verdicts, (found, *_) = Verdicts(folder, self._payload.rows), known
            verdicts.accepted, verdicts.shadowed = found.accepted, found.shadowed
            verdicts.conflicting = found.conflicting
            return verdicts, list(found.runs)
        names = previous.fingerprints if previous else []
        runs = [Run(self._places.run(name)) for name in names]
        merged = to_merge(runs, self._payload.rows)
        verdicts = Verdicts.fresh(folder, self._payload.rows)
        self._payload.find_ids()
        question = Question(
            self._payload.ids, self._payload.per_file, self._plan.hashed, runs=runs, merged=merged
        )
        shutil.rmtree(folder / "run", ignore_errors=True)
        with RunWriter(folder / "run") as writer:
            judge(
                question,
                verdicts,
                writer=writer,
                progress=lambda share: tell("looking for duplicates", share),
            )
        beside = [run.folder.name for run in runs if run not in merged]
        if logbook is not None:
            verdicts.sync()
            sync_tree(folder / "run")
            logbook.note(self._judged(verdicts, beside))
        return verdicts, beside

    def _judged(self, verdicts: Verdicts, beside: Sequence[str]) -> Judged:
        counts = (verdicts.accepted, verdicts.shadowed, verdicts.conflicting)
        base = base_of(self._places, self._plan.import_id, first_seq=self._plan.first_seq)
        return Judged(base, *counts, tuple(beside))

    def _stage_rows(self, verdicts: Verdicts, tell: Progress) -> tuple[list[LakeFile], list[str]]:
        """Write the lake's files and the rows that another import shadows aside."""
        if not verdicts.accepted and not verdicts.shadowed:
            return [], []
        lake, plan = Lake(self._places.lake), self._plan
        columns = lake.columns_for(self._payload.properties)
        own = {name: columns[name] for name in self._payload.properties}
        rows = NewRows(self._payload, verdicts, first_seq=plan.first_seq, source=plan.source)
        folder, logbook = self._home.folder, self._home.logbook
        if verdicts.shadowed:
            if not (logbook and logbook.of(Cleared)):
                shadow(rows, folder / SHADOWS, properties=list(own))
            link_in(folder / SHADOWS, self._staging / "ready" / SHADOWS)
        files = stage_zones(
            rows,
            folder / "lake",
            import_id=plan.import_id,
            columns=own,
            total=verdicts.accepted,
            logbook=logbook,
            progress=lambda share: tell("writing events", share),
        )
        self._payload.clear()
        lake.take_in(folder / "lake", files)
        return files, sorted(own.values()) if files else []

    def _stage_snapshot(self, files: Sequence[LakeFile], shape: Shape, tell: Progress) -> Manifest:
        """Build the snapshot of all that the lake will hold aside."""
        lake, plan = Lake(self._places.lake), self._plan
        every = [*lake.files(), *files]
        shards = plan_for(
            lake,
            every,
            columns=lake.columns_for(self._payload.properties),
            shape=shape.ranked_anew(),
            snapshot_id=self._name,
            settings=(plan.timezone, plan.currency),
            persons=persons_now(self._database),
        )
        folder = self._home.folder / "snapshot"
        made = stage_snapshot(
            lake,
            every,
            plan=shards,
            folder=folder,
            scratch=self._staging / "rows" / "shards",
            progress=lambda share: tell("building journeys", share),
            kept=kept_shards(self._home.logbook, folder, plan=shards, files=every),
        )
        link_in(folder, self._staging / "ready" / "snapshot")
        return made

    def _journal(
        self,
        verdicts: Verdicts,
        after: Manifest | Snapshot,
        *,
        files: Sequence[LakeFile],
        columns: Sequence[str],
    ) -> Journal:
        plan = self._plan
        result = ImportResult(
            import_id=plan.import_id,
            accepted=verdicts.accepted,
            rejected=int(self._payload.rejected.sum()),
            duplicates=self._payload.rows - verdicts.accepted + sum(self._repeated_files),
            conflicting=verdicts.conflicting,
            entities=after.entities,
            events=after.events,
            from_us=after.first_us,
            to_us=after.last_us,
        )
        read = zip(
            plan.files,
            self._payload.per_file.tolist(),
            self._payload.rejected.tolist(),
            self._repeated_files,
            strict=True,
        )
        return Journal(
            result=result,
            source=plan.source,
            committed_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            files=tuple(
                ImportedFile(f.path, f.sha256, f.bytes, rows + again, rejected, again > 0)
                for f, rows, rejected, again in read
            ),
            snapshot=self._name if files else None,
            seq=after.seq,
            lake_files=tuple(files),
            lake_columns=tuple(columns),
            author=plan.author,
            shadowed=verdicts.shadowed,
            home=self._home.folder.name if self._home.logbook else None,
            last_seq=plan.first_seq - 1 + verdicts.accepted + verdicts.shadowed,
        )


def with_home(places: Places, plan: ImportPlan, *, reading: str | None) -> ImportPlan:
    """Return the plan of an import that goes on where one of the same files, read the same way, was cut short."""
    if reading is None:
        return plan
    begun = Begun(plan.files, plan.source, plan.hashed, reading)
    base = base_of(places, plan.import_id, first_seq=plan.first_seq)
    with disk_trouble(places.root):
        return replace(plan, home=begin(places.unfinished, begun, base=base))


def base_of(places: Places, import_id: int, *, first_seq: int) -> Base:
    """Return what the workspace holds before an import."""
    return Base(import_id, first_seq, current_id(places), Lake(places.lake).version())
