"""A workspace: one folder that holds the operational database, the lake and the shards of one company."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import msgspec
import pyarrow as pa

from pathworth.base.declarations import Declarations
from pathworth.base.errors import StoreTrouble, UnknownName
from pathworth.store.arrivals.appending import Appending
from pathworth.store.arrivals.contracts import Read
from pathworth.store.arrivals.held import HeldIds
from pathworth.store.arrivals.numbering import number_batches
from pathworth.store.checks.beginning import begin
from pathworth.store.commits import Places, current_id, home_id, writer
from pathworth.store.contracts import (
    ImportedFile,
    ImportRecord,
    ImportResult,
    InputFile,
    Snapshot,
    Undone,
)
from pathworth.store.entities.sets import EntitySets
from pathworth.store.entities.shelf import Seen
from pathworth.store.files import WriterLock, disk_trouble
from pathworth.store.identity.imported import silenced
from pathworth.store.imports import ImportPlan, ImportTransaction, with_home
from pathworth.store.leftovers import sweep_all
from pathworth.store.payload import read_rejects
from pathworth.store.records.data.imports import (
    paths_of,
    read_imports,
    seen_file,
    sizes_before,
)
from pathworth.store.records.data.segments import SegmentsNow
from pathworth.store.records.database import Database, Setting, is_workspace, lock
from pathworth.store.records.maps import MapRevision, read_map, read_maps, save_map
from pathworth.store.shards.on_use import MOVED, ColumnMaker, log_progress
from pathworth.store.shards.snapshots import Manifest, read_manifest
from pathworth.store.shared import Clusters, Copies, LakeAway, copies_of
from pathworth.store.tail.compact import Builder, How, compact
from pathworth.store.tail.live import Live
from pathworth.store.undo.journal import recover, recover_unless_busy
from pathworth.store.undo.steps import Progress, UndoPlan, preview, undo
from pathworth.store.writing import Writing

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
        self.appending, self._held = Appending(self._database), HeldIds()
        self._lens: Callable[[Snapshot], Snapshot] | None = None
        self._tell: Progress = log_progress
        self.timezone: str = msgspec.json.decode(self._setting("timezone") or '"UTC"')
        self.currency: str = msgspec.json.decode(self._setting("currency") or '"EUR"')
        settings = {"timezone": self.timezone, "currency": self.currency}
        self._live = Live(self._places, self._database, maker=self._maker, **settings)
        self._everybody = partial(self.whole_snapshot, at_once=True)
        self.writing = Writing(
            self._places,
            self._database,
            settings=(self.timezone, self.currency),
            everybody=self._everybody,
        )
        seen = Seen(self.snapshot, self._everybody, self._hide, self._maker, self._told)
        self.entities = EntitySets(self._places, self._database, seen)
        self.clusters = Clusters(self._database)
        self.lake_away = LakeAway(folder, self._database, self.writing.alone)

    @classmethod
    def create(
        cls,
        folder: str | Path,
        *,
        timezone: str = "UTC",
        currency: str = "EUR",
        database: str | None = None,
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
        database
            Address of an empty database on a server; null for a file in the folder.

        Raises as ``checks.beginning.begin`` does.
        """
        begin(Path(folder), timezone=timezone, currency=currency, database=database)
        return cls(Path(folder))

    @classmethod
    def open(cls, folder: str | Path) -> Workspace:
        """Open a workspace; an import that was cut short is carried on or taken back first.

        Raises
        ------
        UnknownName
            ``NOT_A_WORKSPACE``.
        """
        place = Path(folder)
        if not is_workspace(place):
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

    def copies(self) -> Copies | None:
        """Return the copies of files for the machines of a cluster; null where those see this folder."""
        return copies_of(self.path, self._database)

    def look_through(self, lens: Callable[[Snapshot], Snapshot]) -> None:
        """Let every snapshot that is handed out pass a function, which hides those whom no answer counts."""
        self._lens = lens

    def tell_columns(self, tell: Progress) -> None:
        """Let a function know, in words and as a share, how far a column is that is made when it is asked for."""
        self._tell = tell

    def snapshot(self, *, having: Collection[str] = ()) -> Snapshot:
        """Return the newest snapshot: memory-mapped shards, and what came in since.

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
                return self._hide(held)
            except StoreTrouble as trouble:
                # Newer shards came while a column of these was being made: those are the answer.
                if trouble.code != MOVED or home_id(self._places) == held.home:
                    raise

    def whole_snapshot(self, *, at_once: bool = False) -> Snapshot:
        """Return the current snapshot with nobody hidden; ``at_once`` with what came in the last half second."""
        return self._segments.on(self._live.snapshot(at_once=at_once))

    @property
    def stuck(self) -> str | None:
        """Return the property of which an event says what the shards cannot hold; null when no event waits."""
        return self._live.stuck

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
        lock = writer(self._places)
        lock.take_patiently()
        try:
            recover(self._places, database=self._database)
            self.writing.bring_in(author)
            number, first_seq = self.writing.following()
            told = (self.timezone, self.currency, first_seq, author, self._everybody)
            after = self.entities.renew
            plan = ImportPlan(number, source, tuple(files), hashed, *told, after=after)
            plan = with_home(self._places, plan, reading=reading)
            return ImportTransaction(self._places, plan, database=self._database, lock=lock)
        except BaseException:
            lock.give_back()
            raise

    def number(self, read: Read) -> int:
        """Give numbers to the batches in the inbox; none while somebody else writes. See ``Inbox.number``."""
        lock = WriterLock(self._places.numbering_lock)
        if not lock.take_within(PATIENCE_S):
            return 0
        try:
            # Whoever drains goes on beside; what a dead one left is not theirs.
            other = WriterLock(self._places.lock)
            recover_unless_busy(self._places, database=self._database, lock=other)
            return number_batches(self._places, self._database, read=read, held=self._held)
        finally:
            lock.give_back()

    def drain(self, *, author: str | None = None) -> ImportResult | None:
        """Bring the waiting events into the lake; null when none waits. See ``Inbox.drain``."""
        return self.writing.drain(author)

    @property
    def in_shards(self) -> int:
        """Return how many events the shards hold, their tail apart."""
        name = current_id(self._places)
        return 0 if name is None else read_manifest(self._places.snapshot(name)).events

    @property
    def compaction_due(self) -> bool:
        """Return whether the tail has grown so much, or is stuck, that the shards should be written anew."""
        return self._live.due

    def compact(
        self,
        how: How | None = None,
        *,
        author: str | None = None,
        builder: Builder | None = None,
    ) -> bool:
        """Write the shards anew with their tail in them, beside whoever reads; see ``tail.compact``.

        Raises
        ------
        StoreTrouble
            ``WORKSPACE_BUSY``, ``DISK_FULL``; nothing was changed.
        """
        settings = (self.timezone, self.currency)
        writing = partial(self.writing.drained, author)
        made = compact(
            self._places,
            how,
            writing=writing,
            live=self._live,
            settings=settings,
            builder=builder,
        )
        if made:
            self.entities.renew()
        return made

    def undo_preview(self, import_id: int) -> Undone:
        """Say what undoing an import would do; raises as ``undo`` does."""
        sizes_before(self._database, import_id)
        with self.writing.alone():
            return preview(self._places, import_id, database=self._database)

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
        with self.writing.alone(), disk_trouble(self.path):
            shape = sizes_before(self._database, import_id)
            self.writing.bring_in(author, least="shadowed")
            number, first_seq = self.writing.following()
            settings = (self.timezone, self.currency)
            plan = UndoPlan(number, import_id, shape, *settings, author, first_seq)
            with silenced(self._database, self.imports(), which=import_id, known_seq=first_seq - 1):
                done = undo(self._places, plan, database=self._database, progress=progress)
        self.entities.renew(progress)
        held = self.whole_snapshot(at_once=True)
        return replace(done, events=held.events, entities=held.entities)

    def imports(self) -> tuple[ImportRecord, ...]:
        """Return every import that was committed, oldest first, those that were undone included."""
        return read_imports(self._database)

    def seen_file(
        self, sha256: str, *, source: str = "files", kind: str = "events"
    ) -> ImportedFile | None:
        """Return the file as it was imported before, byte for byte with no row rejected, or null."""
        return seen_file(self._database, sha256, source=source, kind=kind)

    def rejects(self, import_id: int) -> pa.Table:
        """Return the rows that an import rejected: ``path``, ``row``, ``code``, ``reason``, ``raw``.

        Raises
        ------
        UnknownName
            ``UNKNOWN_IMPORT``.
        """
        return read_rejects(self._places.rejects(import_id), paths_of(self._database, import_id))

    def save_map(self, name: str, document: str, *, author: str, first: bool = False) -> int:
        """Save a map's document and return its revision; the same text as the latest gives no new one.

        With ``first`` it is only saved where the map has no revision, otherwise the latest is returned.
        """
        return save_map(self._database, name, document=document, author=author, first=first)

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
            lock(session)
            value = msgspec.json.encode(declarations).decode()
            session.merge(Setting(key="declarations", value=value))

    def declarations(self) -> Declarations:
        """Return what was declared about the data; nothing when nothing was."""
        return msgspec.json.decode(self._setting("declarations") or "{}", type=Declarations)

    def _hide(self, held: Snapshot) -> Snapshot:
        return held if self._lens is None else self._lens(held)

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
        sweep_all(self._places)
        recover_unless_busy(self._places, database=self._database, lock=writer(self._places))
