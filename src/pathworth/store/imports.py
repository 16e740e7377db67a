"""One import: rows are set aside as they come, and nothing is visible before the commit."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Protocol

import pyarrow as pa

from pathworth.base.errors import WrongUsage
from pathworth.store.accept import accepted_rows, plan_for, stage_lake, stage_snapshot
from pathworth.store.commits import Journal, Places, commit, current_id, is_true, take_back
from pathworth.store.contracts import ImportedFile, ImportResult, InputFile
from pathworth.store.files import disk_trouble
from pathworth.store.fingerprints import Run, RunWriter, Verdicts, judge, to_merge
from pathworth.store.lake import Lake, LakeFile
from pathworth.store.payload import Payload, Rejects, shaped
from pathworth.store.records.database import Database
from pathworth.store.shards.on_use import asked_names
from pathworth.store.shards.shape import Shape
from pathworth.store.shards.snapshots import Manifest, read_manifest
from pathworth.store.undo.shadows import ShadowWriter

Progress = Callable[[str, float], None]


class Lock(Protocol):
    """What lets the next writer in."""

    def give_back(self) -> None:
        """Let the next writer in."""
        ...


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
    drained
        Null for files; else the rows are events that were numbered on arrival, and this is the last number.
    """

    import_id: int
    source: str
    files: tuple[InputFile, ...]
    hashed: bool
    timezone: str
    currency: str
    first_seq: int
    author: str | None = None
    drained: int | None = None


class ImportTransaction:
    """Takes the rows of an import and makes all of them true at once, or none.

    A context manager: leaving it without a commit takes everything back. Rows come file by file, each
    file's in the order of its rows.
    """

    def __init__(self, places: Places, plan: ImportPlan, *, database: Database, lock: Lock) -> None:
        self._places, self._plan, self._database, self._lock = places, plan, database, lock
        self._staging = places.staging(plan.import_id)
        numbered = plan.drained is not None
        self._repeated_files = [0] * len(plan.files)
        self._open = True
        with disk_trouble(places.root):
            self._staging.mkdir(parents=True)
            self._payload = Payload(
                self._staging / "rows",
                len(plan.files),
                source=plan.source,
                hashed=plan.hashed,
                numbered=numbered,
            )
            self._rejects = Rejects(self._staging / "ready" / "rejects.parquet", len(plan.files))

    def __enter__(self) -> ImportTransaction:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.abort()

    def add(self, batch: pa.RecordBatch | pa.Table) -> None:
        """Take rows that were read.

        Parameters
        ----------
        batch
            ``file int32, row int64, entity, name, time_us int64, digest fixed_size_binary[16], message_id,
            value, cost int64, currency``; every other column is a property, kept as text.

        Raises
        ------
        WrongUsage
            ``BAD_BATCH``, ``IMPORT_CLOSED``.
        StoreTrouble
            ``DISK_FULL``; the import is taken back.
        """
        with self._safely():
            self._payload.add(shaped(batch))

    def reject(self, batch: pa.RecordBatch) -> None:
        """Take rows that could not be read: ``file int32, row int64, code, reason, raw``."""
        with self._safely():
            self._rejects.add(batch)

    def skip_file(self, file: int, rows: int) -> None:
        """Count a file that was imported before, byte for byte, as duplicates without reading it again."""
        self._repeated_files[file] = rows

    def commit(self, progress: Progress | None = None) -> ImportResult:
        """Make the import true and say what became of its rows.

        Parameters
        ----------
        progress
            Told a stage in words and the share of it that is done.

        Raises
        ------
        StoreTrouble
            ``DISK_FULL``; the workspace is as it was before.
        """
        tell = progress or (lambda _stage, _share: None)
        with self._safely():
            self._payload.flush()
            self._rejects.close()
            previous = self._previous()
            verdicts, runs = self._judge(previous, tell)
            held = self._places.snapshot(previous.id) if previous else None
            shape = Shape.of(previous, held, asked=asked_names(self._places, previous))
            files, columns = self._stage_rows(verdicts, tell)
            if files:
                manifest = self._stage_snapshot(files, shape, tell)
                manifest = manifest.with_fingerprints([*runs, self._name])
                manifest.write(self._staging / "ready" / "snapshot")
                journal = self._journal(verdicts, manifest, files=files, columns=columns)
            else:
                shutil.rmtree(self._staging / "ready" / "run")
                journal = self._journal(verdicts, previous, files=[], columns=[])
            journal = replace(journal, shape=shape.sizes())
            shutil.rmtree(self._staging / "rows")
            commit(self._places, journal, database=self._database)
            self._close()
        return journal.result

    def abort(self) -> None:
        """Take everything back; harmless after a commit."""
        if self._open:
            self._payload.ids.close()
            self._rejects.abandon()
            if not is_true(self._places, self._plan.import_id):
                take_back(self._places, self._plan.import_id)
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
        except BaseException:
            self.abort()
            raise

    def _close(self) -> None:
        self._open = False
        self._lock.give_back()

    def _previous(self) -> Manifest | None:
        name = current_id(self._places)
        return None if name is None else read_manifest(self._places.snapshot(name))

    def _judge(self, previous: Manifest | None, tell: Progress) -> tuple[Verdicts, list[str]]:
        """Judge the rows and write the run of their ids; return also the runs that stay beside it."""
        names = previous.fingerprints if previous else []
        runs = [Run(self._places.run(name)) for name in names]
        merged = to_merge(runs, self._payload.rows)
        with RunWriter(self._staging / "ready" / "run") as writer:
            verdicts = judge(
                self._payload.ids,
                self._payload.rows,
                hashed=self._plan.hashed,
                runs=runs,
                merged=merged,
                writer=writer,
                progress=lambda share: tell("looking for duplicates", share),
            )
        return verdicts, [run.folder.name for run in runs if run not in merged]

    def _stage_rows(self, verdicts: Verdicts, tell: Progress) -> tuple[list[LakeFile], list[str]]:
        """Write the lake's files and the rows that another import shadows aside."""
        if not verdicts.accepted and not verdicts.shadowed:
            return [], []
        lake, plan = Lake(self._places.lake), self._plan
        columns = lake.columns_for(self._payload.properties)
        own = {name: columns[name] for name in self._payload.properties}
        shadows = ShadowWriter(self._staging / "ready" / "shadowed.parquet", list(own))
        rows = accepted_rows(
            self._payload,
            verdicts,
            first_seq=plan.first_seq,
            source=plan.source,
            shadows=shadows,
        )
        try:
            files = stage_lake(
                rows,
                lake,
                import_id=plan.import_id,
                columns=own,
                total=verdicts.accepted,
                progress=lambda share: tell("writing events", share),
            )
            shadows.close()
        except BaseException:
            shadows.abandon()
            raise
        return files, sorted(own.values()) if files else []

    def _stage_snapshot(self, files: Sequence[LakeFile], shape: Shape, tell: Progress) -> Manifest:
        """Build the snapshot of all that the lake will hold aside."""
        lake, plan = Lake(self._places.lake), self._plan
        every = [*lake.files(), *files]
        shards = plan_for(
            lake,
            every,
            columns=lake.columns_for(self._payload.properties),
            shape=shape,
            snapshot_id=self._name,
            settings=(plan.timezone, plan.currency),
        )
        return stage_snapshot(
            lake,
            every,
            plan=shards,
            folder=self._staging / "ready" / "snapshot",
            scratch=self._staging / "rows" / "shards",
            progress=lambda share: tell("building journeys", share),
        )

    def _journal(
        self,
        verdicts: Verdicts,
        after: Manifest | None,
        *,
        files: Sequence[LakeFile],
        columns: Sequence[str],
    ) -> Journal:
        plan = self._plan
        result = ImportResult(
            import_id=plan.import_id,
            accepted=verdicts.accepted,
            rejected=self._rejects.rows,
            duplicates=self._payload.rows - verdicts.accepted + sum(self._repeated_files),
            conflicting=verdicts.conflicting,
            entities=after.entities if after else 0,
            events=after.events if after else 0,
            from_us=after.first_us if after else 0,
            to_us=after.last_us if after else 0,
        )
        read = zip(
            plan.files,
            self._payload.per_file.tolist(),
            self._rejects.per_file.tolist(),
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
            seq=after.seq if after else 0,
            lake_files=tuple(files),
            lake_columns=tuple(columns),
            author=plan.author,
            shadowed=verdicts.shadowed,
            drained=plan.drained or 0,
            last_seq=plan.drained or plan.first_seq - 1 + verdicts.accepted + verdicts.shadowed,
        )
