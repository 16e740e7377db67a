"""The order in which an import becomes true, and what is done about one that was cut short.

1. *Staged.* All that the import makes is written beside what readers see and synced: the lake's files (not
   yet part of the table), and under ``staging/<import>/ready`` the snapshot, the run of ids and the rejected
   rows. Last comes ``staging/<import>/journal.json``, which names them.
2. *Committed.* The lake's table takes the files in one commit that carries the import's number as an
   application transaction. This is the moment: before it the import never was, after it the import is.
   (An import without a single new event has nothing for the lake; its journal is then the moment.)
3. *Moved in.* The run, the rejected rows and the snapshot are renamed into place; ``current`` is swapped.
4. *Noted.* One database transaction writes the import, its files and the snapshot.
5. *Cleared.* ``staging`` goes, and so do snapshots, columns made beside them and runs that neither the
   current nor the previous snapshot needs; a reader that has an older one open keeps it, memory-mapped.

Whoever opens the workspace (or begins an import) and gets the writer's lock looks at ``staging`` first: an
import with a journal that the lake holds is carried on from 3, every step of which may be done twice; any
other is taken back, the lake's files that it wrote included.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from sqlalchemy.orm import Session

from pathworth.base.errors import StoreTrouble
from pathworth.store.aside.unfinished import drop
from pathworth.store.contracts import ImportedFile, ImportResult
from pathworth.store.files import (
    COMPACT_LOCK,
    COMPACTING,
    MOMENT_S,
    WriterLock,
    move_in,
    sync_file,
    sync_tree,
    write_whole,
)
from pathworth.store.lake import Lake, LakeFile
from pathworth.store.records.data.arrivals import mark_drained
from pathworth.store.records.database import Database, ImportFileRow, ImportRow, SnapshotRow
from pathworth.store.shards.snapshots import read_manifest

JOURNAL = "journal.json"


@dataclass(frozen=True)
class Places:
    """Where the parts of a workspace lie."""

    root: Path

    @property
    def lake(self) -> Path:
        """Return the folder of the lake's table."""
        return self.root / "lake"

    @property
    def current(self) -> Path:
        """Return the file that names the current snapshot."""
        return self.root / "current"

    @property
    def lock(self) -> Path:
        """Return the writer's lock file."""
        return self.root / "writer.lock"

    @property
    def numbering_lock(self) -> Path:
        """Return the lock file of whoever numbers, or changes what numbering looks at."""
        return self.root / "numbering.lock"

    @property
    def unfinished(self) -> Path:
        """Return the folder of the rows of imports that were cut short."""
        return self.root / "unfinished"

    @property
    def all_staging(self) -> Path:
        """Return the folder of imports that are not finished."""
        return self.root / "staging"

    @property
    def compacting(self) -> Path:
        """Return the folder of a compaction that is not finished."""
        return self.root / COMPACTING

    @property
    def compact_lock(self) -> Path:
        """Return the lock file of whoever compacts."""
        return self.root / COMPACT_LOCK

    def staging(self, import_id: int) -> Path:
        """Return the folder of an import that is not finished."""
        return self.all_staging / f"{import_id:08d}"

    def snapshot(self, snapshot_id: str) -> Path:
        """Return the folder of a snapshot."""
        return self.root / "snapshots" / snapshot_id

    def built(self, snapshot_id: str) -> Path:
        """Return the folder of the columns that were made for a snapshot when they were asked for."""
        return self.root / "columns" / snapshot_id

    def entity(self, name: str) -> Path:
        """Return the folder of the shard sets of a declared entity."""
        return self.root / "entities" / name

    def run(self, name: str) -> Path:
        """Return the folder of a run of ids."""
        return self.root / "fingerprints" / name

    def rejects(self, import_id: int) -> Path:
        """Return the file of the rows that an import rejected."""
        return self.root / "rejects" / f"{import_id:08d}.parquet"

    def shadows(self, import_id: int) -> Path:
        """Return the file of the rows of an import whose events another import holds."""
        return self.root / "shadowed" / f"{import_id:08d}.parquet"


@dataclass(frozen=True)
class Journal:
    """All that is needed to carry an import on after a crash.

    ``snapshot`` is null when no event was new; ``drained`` is the number of the last waiting event that the
    import holds and ``aside`` the place of the last one set aside, ``last_seq`` the last number that it gave,
    ``shape`` the sizes of what had codes before, and ``home`` names the folder where its rows were set aside.
    ``part_of`` is the import that the events belong to, 0 where that is this one.
    """

    result: ImportResult
    source: str
    committed_at: str
    files: tuple[ImportedFile, ...]
    snapshot: str | None
    seq: int
    lake_files: tuple[LakeFile, ...]
    lake_columns: tuple[str, ...]
    author: str | None = None
    shadowed: int = 0
    drained: int = 0
    last_seq: int = 0
    shape: str | None = None
    part_of: int = 0
    aside: int = 0
    home: str | None = None

    @property
    def name(self) -> str:
        """Return the name of the run and of the snapshot that the import makes."""
        return f"{self.result.import_id:08d}"


def writer(places: Places) -> WriterLock:
    """Return the lock of the one writer, beside whom nobody numbers."""
    return WriterLock(places.lock, also=places.numbering_lock)


@contextmanager
def alone(places: Places) -> Iterator[None]:
    """Be where nobody numbers, for a moment, as the one writer who lets others number beside."""
    lock = WriterLock(places.numbering_lock)
    lock.take_patiently(MOMENT_S)
    try:
        yield
    finally:
        lock.give_back()


def commit(places: Places, journal: Journal, *, database: Database) -> None:
    """Make a staged import true.

    Parameters
    ----------
    journal
        What was staged.
    """
    staging = places.staging(journal.result.import_id)
    sync_tree(staging)
    write_whole(staging / JOURNAL, msgspec.json.encode(journal))
    lake = Lake(places.lake)
    if journal.snapshot is not None:
        with held_or_undone(lake, journal.result.import_id):
            lake.commit(
                journal.result.import_id, files=journal.lake_files, columns=journal.lake_columns
            )
    try:
        finish(places, journal, database=database)
    except Exception as trouble:
        raise StoreTrouble(
            "IMPORT_UNFINISHED",
            f"Import {journal.result.import_id} is stored, but could not be shown yet: {trouble}",
            "Make room on the disk; it is finished when the workspace is next opened.",
        ) from trouble


@contextmanager
def held_or_undone(lake: Lake, number: int) -> Iterator[None]:
    """Let an error pass when the lake holds the change all the same; else leave no trace of it in its log."""
    version = lake.version()
    try:
        yield
    except BaseException as trouble:
        held = lake.holds(number)
        if not held:
            lake.undo_log(version)
        if not held or not isinstance(trouble, Exception):
            raise


def take_out(
    places: Places,
    number: int,
    *,
    gone: Sequence[str],
    files: Sequence[LakeFile],
    columns: Sequence[str],
) -> None:
    """Let files leave the lake's table and others enter it, in one commit; nothing where none leaves."""
    if gone:
        lake = Lake(places.lake)
        with held_or_undone(lake, number):
            lake.replace(number, files=files, gone=gone, columns=columns)


def show_rest(places: Places, staged: Path, *, snapshot: str | None, emptied: bool) -> None:
    """Bring in the run and the snapshot of what is left, or show nothing where nobody is."""
    if snapshot is not None:
        show(places, staged, name=snapshot, snapshot=snapshot)
    elif emptied:
        places.current.unlink(missing_ok=True)
        sync_file(places.root)


def show(places: Places, staged: Path, *, name: str, snapshot: str) -> None:
    """Bring in a staged run and snapshot, and make that the current one; whatever is done stays done."""
    move_in(staged / "run", places.run(name))
    move_in(staged / "snapshot", places.snapshot(snapshot))
    if current_id(places) != snapshot:
        write_whole(places.current, snapshot.encode())


def finish(places: Places, journal: Journal, *, database: Database) -> None:
    """Carry an import that the lake holds to its end; whatever is done already stays done."""
    number = journal.result.import_id
    ready = places.staging(number) / "ready"
    move_in(ready / "rejects.parquet", places.rejects(number))
    move_in(ready / "shadowed.parquet", places.shadows(number))
    if journal.snapshot is not None:
        show(places, ready, name=journal.name, snapshot=journal.snapshot)
    _note(journal, database)
    if journal.home is not None:
        drop(places.unfinished / journal.home)
    clear(places)


def is_true(places: Places, import_id: int) -> bool:
    """Return whether an import that is still staged has passed the moment from which on it is."""
    if not (places.staging(import_id) / JOURNAL).exists():
        return False
    return read_journal(places, import_id).snapshot is None or Lake(places.lake).holds(import_id)


def read_journal(places: Places, import_id: int) -> Journal:
    """Return the journal of an import that is still staged."""
    data = (places.staging(import_id) / JOURNAL).read_bytes()
    return msgspec.json.decode(data, type=Journal)


def take_back(places: Places, import_id: int) -> None:
    """Remove every trace of an import that never became true."""
    Lake(places.lake).drop_files(import_id)
    staging = places.staging(import_id)
    # The journal goes first, so that a second crash finds an import that is taken back, too.
    (staging / JOURNAL).unlink(missing_ok=True)
    shutil.rmtree(staging, ignore_errors=True)
    drop_empty(places.all_staging)


def clear(places: Places) -> None:
    """Delete what no reader needs: staging, snapshots before the previous one, runs of no kept snapshot."""
    if places.all_staging.exists():
        for staging in places.all_staging.iterdir():
            (staging / JOURNAL).unlink(missing_ok=True)
        shutil.rmtree(places.all_staging)
    held = sorted(places.snapshot("").iterdir()) if places.snapshot("").exists() else []
    manifests = [read_manifest(folder) for folder in held[-2:]]
    used = {name for one in manifests for name in (one.id, one.folder)}
    for folder in held:
        if folder.name not in used:
            shutil.rmtree(folder)
    built = places.built("").iterdir() if places.built("").exists() else ()
    for folder in built:
        if not places.snapshot(folder.name).exists():
            # Somebody may be making a column of it; what then is left goes the next time.
            shutil.rmtree(folder, ignore_errors=True)
    kept = {run for one in manifests for run in one.fingerprints}
    runs = places.run("").iterdir() if places.run("").exists() else ()
    for folder in runs:
        if folder.name not in kept:
            shutil.rmtree(folder)


def current_id(places: Places) -> str | None:
    """Return the name of the current snapshot; null while there is none."""
    try:
        return places.current.read_text()
    except FileNotFoundError:
        return None


def home_id(places: Places) -> str | None:
    """Return the name of the snapshot whose folder holds the current shards; null while there is none."""
    name = current_id(places)
    return None if name is None else read_manifest(places.snapshot(name)).folder


def drop_empty(folder: Path) -> None:
    """Remove a folder that holds nothing."""
    if folder.exists() and not any(folder.iterdir()):
        folder.rmdir()


def _note(journal: Journal, database: Database) -> None:
    """Write the import into the database; once is enough."""
    result = journal.result
    with database.session() as session:
        row = session.get(ImportRow, journal.part_of or result.import_id)
        if row is not None:
            if row.last_seq < journal.drained:
                _add_part(session, row, journal)
                mark_drained(session, journal.drained)
            return
        session.add(
            ImportRow(
                id=result.import_id,
                source=journal.source,
                committed_at=journal.committed_at,
                author=journal.author,
                shadowed=journal.shadowed,
                last_seq=journal.last_seq,
                shape=journal.shape,
                **_counts(result),
            )
        )
        mark_drained(session, journal.drained, aside=journal.aside)
        session.flush()
        session.add_all(file_rows(result.import_id, journal.files))
        if journal.snapshot is not None and not journal.drained:
            session.add(
                SnapshotRow(
                    id=journal.snapshot,
                    import_id=result.import_id,
                    seq=journal.seq,
                    events=result.events,
                )
            )


def _add_part(session: Session, row: ImportRow, journal: Journal) -> None:
    """Add a part to the import that its events belong to."""
    counts = _counts(journal.result)
    row.accepted += counts.pop("accepted")
    for name in ("entities", "events", "from_us", "to_us"):
        setattr(row, name, counts[name])
    row.source = row.source if row.source == journal.source else "several"
    row.last_seq = journal.last_seq
    for place, file in enumerate(journal.files):
        session.get_one(ImportFileRow, (row.id, place)).rows += file.rows


def _counts(result: ImportResult) -> dict[str, int]:
    names = ("accepted", "rejected", "duplicates", "conflicting", "entities", "events")
    return {name: getattr(result, name) for name in (*names, "from_us", "to_us")}


def file_rows(import_id: int, files: Sequence[ImportedFile]) -> list[ImportFileRow]:
    """Return the rows that say which files an import read."""
    return [
        ImportFileRow(
            import_id=import_id,
            position=position,
            path=file.path,
            sha256=file.sha256,
            bytes=file.bytes,
            rows=file.rows,
            rejected=file.rejected,
            skipped=int(file.skipped),
        )
        for position, file in enumerate(files)
    ]
