"""A workspace: one folder that holds the operational database, the lake and the shards of one company."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pyarrow as pa

from pathworth.base.declarations import Declarations
from pathworth.base.errors import StoreTrouble, UnknownName
from pathworth.store.arrays import empty_snapshot
from pathworth.store.arriving import Least, drain_waiting, number_batches
from pathworth.store.checks.beginning import check_free, check_settings
from pathworth.store.commits import Places, current_id
from pathworth.store.contracts import (
    ArrivedEvent,
    ImportedFile,
    ImportRecord,
    ImportResult,
    InputFile,
    MapRevision,
    Snapshot,
    Undone,
)
from pathworth.store.files import WriterLock, disk_trouble, sync_file, sync_tree
from pathworth.store.imports import ImportPlan, ImportTransaction, with_home
from pathworth.store.lake import Lake
from pathworth.store.payload import read_rejects
from pathworth.store.records.data.arrivals import Read, next_seq, shadowed_waiting
from pathworth.store.records.data.imports import (
    next_number,
    read_imports,
    seen_file,
    sizes_before,
)
from pathworth.store.records.data.segments import SegmentsNow
from pathworth.store.records.database import FILE, Database, Setting
from pathworth.store.records.maps import read_map, read_maps, save_map
from pathworth.store.shards.on_use import MOVED, ColumnMaker, log_progress
from pathworth.store.shards.snapshots import Manifest, open_snapshot, read_manifest
from pathworth.store.undo.journal import recover
from pathworth.store.undo.steps import Progress, UndoPlan, preview, undo

PATIENCE_S = 0.5
"""So long numbering waits for whoever writes; an import takes longer, and the batches then wait."""


class Workspace:
    """A workspace that is open; made by ``create`` and ``open``.

    Parameters
    ----------
    folder
        Where it lies.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self._places = Places(folder)
        self._database = Database(folder)
        self._database.migrate()
        self._segments = SegmentsNow(self._database)
        self._opened: Snapshot | None = None
        self._lens: Callable[[Snapshot], Snapshot] | None = None
        self._tell: Progress = log_progress
        self.timezone: str = json.loads(self._setting("timezone") or '"UTC"')
        self.currency: str = json.loads(self._setting("currency") or '"EUR"')

    @classmethod
    def create(
        cls, folder: str | Path, *, timezone: str = "UTC", currency: str = "EUR"
    ) -> Workspace:
        """Make an empty workspace in a folder that is not there yet or is empty.

        Parameters
        ----------
        folder
            Where it shall lie.
        timezone
            In which times without a zone are read and days begin, for example ``Europe/Amsterdam``.
        currency
            Three letters of ISO 4217.

        Raises
        ------
        WrongUsage
            ``UNKNOWN_TIMEZONE``, ``BAD_CURRENCY``.
        BadInput
            ``WORKSPACE_EXISTS``, ``FOLDER_NOT_EMPTY``.
        StoreTrouble
            ``DISK_FULL``.
        """
        place = Path(folder)
        check_settings(timezone, currency)
        check_free(place)
        aside = place.with_name(f".{place.name}.aside")
        with disk_trouble(place):
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir(parents=True)
            try:
                Lake(aside / "lake").create()
                database = Database(aside)
                database.migrate()
                with database.session() as session:
                    session.add(Setting(key="timezone", value=json.dumps(timezone)))
                    session.add(Setting(key="currency", value=json.dumps(currency)))
                sync_tree(aside)
                aside.rename(place)
                sync_file(place.parent)
            except BaseException:
                shutil.rmtree(aside, ignore_errors=True)
                raise
        return cls(place)

    @classmethod
    def open(cls, folder: str | Path) -> Workspace:
        """Open a workspace; an import that was cut short is carried on or taken back first.

        Raises
        ------
        UnknownName
            ``NOT_A_WORKSPACE``.
        """
        place = Path(folder)
        if not (place / FILE).is_file():
            raise UnknownName(
                "NOT_A_WORKSPACE",
                f"There is no workspace in {place}.",
                f"Make one with: pathworth init {place}",
            )
        workspace = cls(place)
        workspace._recover()
        return workspace

    @property
    def database(self) -> Database:
        """Return the operational database, for records of this stage alone."""
        return self._database

    def look_through(self, lens: Callable[[Snapshot], Snapshot]) -> None:
        """Let every snapshot that is handed out pass a function, which hides those whom no answer counts."""
        self._lens = lens

    def tell_columns(self, tell: Progress) -> None:
        """Let a function know, in words and as a share, how far a column is that is made when it is asked for."""
        self._tell = tell

    def snapshot(self, *, having: Collection[str] = ()) -> Snapshot:
        """Return the current snapshot, memory-mapped; an empty one before the first import.

        Parameters
        ----------
        having
            Properties that are made columns of it now, where the data holds them.
        """
        while True:
            held = self.whole_snapshot()
            try:
                for name in having:
                    held.columns.get(name)
                return held if self._lens is None else self._lens(held)
            except StoreTrouble as trouble:
                # A newer one came while a column of it was being made: that one is the answer.
                if trouble.code != MOVED or current_id(self._places) == held.id:
                    raise

    def whole_snapshot(self) -> Snapshot:
        """Return the current snapshot with nobody hidden."""
        for _ in range(5):
            name = current_id(self._places)
            if name is None:
                return self._segments.on(empty_snapshot(self.timezone, self.currency))
            if self._opened is None or self._opened.id != name:
                try:
                    self._opened = open_snapshot(self._places.snapshot(name), self._maker)
                except FileNotFoundError:
                    # Two imports ended while this one was being opened, and its folder went away.
                    continue
            return self._segments.on(self._opened)
        raise StoreTrouble(
            "SNAPSHOT_DAMAGED",
            f"The current snapshot of {self.path} lacks a file.",
            "Put the workspace back from a backup.",
        )

    def begin_import(
        self,
        *,
        files: Sequence[InputFile],
        source: str = "files",
        hashed: bool = True,
        author: str | None = None,
        reading: str | None = None,
    ) -> ImportTransaction:
        """Begin an import; the workspace has one writer at a time, and what waits comes in first.

        Parameters
        ----------
        files
            What is read, in the order in which rows come.
        source
            Part of every event's identity: the same row under another source is another event.
        hashed
            Whether the ids of rows are hashes of the rows (``row_digests``) or were given (``text_digests``).
        author
            Who imports.
        reading
            How the files are read: one of them that was cut short is gone on with if that is the same; or null.

        Raises
        ------
        StoreTrouble
            ``WORKSPACE_BUSY``, ``DISK_FULL``.
        """
        lock = WriterLock(self._places.lock)
        lock.take()
        try:
            recover(self._places, database=self._database)
            self._drain(author)
            number, first_seq = self._next()
            told = (self.timezone, self.currency, first_seq, author)
            plan = ImportPlan(number, source, tuple(files), hashed, *told)
            plan = with_home(self._places, plan, reading=reading)
            return ImportTransaction(self._places, plan, database=self._database, lock=lock)
        except BaseException:
            lock.give_back()
            raise

    def number(self, read: Read) -> tuple[ArrivedEvent, ...]:
        """Give numbers to the batches in the inbox; none while somebody else writes. See ``Inbox.number``."""
        lock = WriterLock(self._places.lock)
        if not lock.take_within(PATIENCE_S):
            return ()
        try:
            recover(self._places, database=self._database)
            return number_batches(self._places, self._database, read=read)
        finally:
            lock.give_back()

    def drain(self, *, author: str | None = None) -> ImportResult | None:
        """Bring the waiting events into the shards; null when none waits. See ``Inbox.drain``."""
        with self._writing():
            return self._drain(author)

    def undo_preview(self, import_id: int) -> Undone:
        """Say what undoing an import would do; raises as ``undo`` does."""
        sizes_before(self._database, import_id)
        with self._writing():
            waiting = shadowed_waiting(self._database)
            return preview(self._places, import_id, waiting=waiting)

    def undo(
        self, import_id: int, *, author: str | None = None, progress: Progress | None = None
    ) -> Undone:
        """Undo an import: its events go, and those that another import holds too come back as that one's.

        What was handed in meanwhile of its events waits aside, and becomes an import of its own before.

        Parameters
        ----------
        import_id
            Its number.
        author
            Who asked for it.
        progress
            Told a stage in words and the share of it that is done.

        Raises
        ------
        UnknownName
            ``UNKNOWN_IMPORT``.
        BadInput
            ``ALREADY_UNDONE``.
        StoreTrouble
            ``WORKSPACE_BUSY``, ``DISK_FULL``; the workspace is as it was before.
        """
        with self._writing(), disk_trouble(self.path):
            shape = sizes_before(self._database, import_id)
            if shadowed_waiting(self._database):
                self._drain(author, least="shadowed")
            number, first_seq = self._next()
            settings = (self.timezone, self.currency)
            plan = UndoPlan(number, import_id, shape, *settings, author, first_seq)
            return undo(self._places, plan, database=self._database, progress=progress)

    def imports(self) -> tuple[ImportRecord, ...]:
        """Return every import that was committed, oldest first, those that were undone included."""
        return read_imports(self._database)

    def seen_file(self, sha256: str, *, source: str = "files") -> ImportedFile | None:
        """Return the file as it was imported before, byte for byte with no row rejected, or null."""
        return seen_file(self._database, sha256, source=source)

    def rejects(self, import_id: int) -> pa.Table:
        """Return the rows that an import rejected: ``path``, ``row``, ``code``, ``reason``, ``raw``.

        Raises
        ------
        UnknownName
            ``UNKNOWN_IMPORT``.
        """
        known = {record.result.import_id: record for record in self.imports()}
        if import_id not in known:
            raise UnknownName.near("import", str(import_id), map(str, known))
        paths = [file.path for file in known[import_id].files]
        return read_rejects(self._places.rejects(import_id), paths)

    def save_map(self, name: str, document: str, *, author: str) -> int:
        """Save a map's document and return its revision; the same text as the latest gives no new one."""
        return save_map(self._database, name, document=document, author=author)

    def map(self, name: str, revision: int | None = None) -> MapRevision:
        """Return a revision of a map, the latest unless said.

        Raises
        ------
        UnknownName
            ``UNKNOWN_MAP``, ``UNKNOWN_REVISION``.
        """
        return read_map(self._database, name, revision=revision)

    def maps(self) -> tuple[MapRevision, ...]:
        """Return the latest revision of every map, by name."""
        return read_maps(self._database)

    def save_declarations(self, declarations: Declarations) -> None:
        """Keep what a person declared about the data."""
        with self._database.session() as session:
            value = msgspec.json.encode(declarations).decode()
            session.merge(Setting(key="declarations", value=value))

    def declarations(self) -> Declarations:
        """Return what was declared about the data; nothing when nothing was."""
        return msgspec.json.decode(self._setting("declarations") or "{}", type=Declarations)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Be the one writer, with nothing left of what was cut short."""
        lock = WriterLock(self._places.lock)
        lock.take()
        try:
            recover(self._places, database=self._database)
            yield
        finally:
            lock.give_back()

    def _drain(self, author: str | None, *, least: Least = "new") -> ImportResult | None:
        return drain_waiting(
            self._places,
            self._database,
            number=self._next()[0],
            settings=(self.timezone, self.currency),
            author=author,
            least=least,
        )

    def _next(self) -> tuple[int, int]:
        """Return the numbers of the next import or undo, and of the next event."""
        name = current_id(self._places)
        held = 0 if name is None else read_manifest(self._places.snapshot(name)).seq
        with self._database.session() as session:
            return next_number(session), next_seq(session, held)

    def _maker(self, manifest: Manifest) -> ColumnMaker:
        return ColumnMaker(self._places, manifest, self._told)

    def _told(self, what: str, share: float) -> None:
        """Tell whoever listens by now, which may not be who listened when a snapshot was opened."""
        self._tell(what, share)

    def _setting(self, key: str) -> str | None:
        with self._database.session() as session:
            row = session.get(Setting, key)
            return None if row is None else row.value

    def _recover(self) -> None:
        if not self._places.all_staging.exists():
            return
        lock = WriterLock(self._places.lock)
        try:
            lock.take()
        except StoreTrouble:
            # Somebody is importing right now: what is staged is theirs.
            return
        try:
            recover(self._places, database=self._database)
        finally:
            lock.give_back()
