"""A workspace: one folder that holds the operational database, the lake and the shards of one company."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import msgspec
import numpy as np
import pyarrow as pa
from sqlalchemy import func, select

from pathworth.base.declarations import Declarations
from pathworth.base.errors import BadInput, StoreTrouble, UnknownName, WrongUsage
from pathworth.store.arrays import EventArrays, snapshot_from_arrays
from pathworth.store.commits import Places, current_id, recover
from pathworth.store.contracts import (
    ImportedFile,
    ImportRecord,
    ImportResult,
    InputFile,
    MapRevision,
    Snapshot,
)
from pathworth.store.files import WriterLock, disk_trouble, sync_file, sync_tree
from pathworth.store.imports import ImportPlan, ImportTransaction
from pathworth.store.lake import Lake
from pathworth.store.payload import read_rejects
from pathworth.store.records.database import (
    FILE,
    Database,
    ImportFileRow,
    ImportRow,
    Setting,
)
from pathworth.store.records.maps import read_map, read_maps, save_map
from pathworth.store.shards.snapshots import open_snapshot


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
        self._opened: Snapshot | None = None
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
        _check_settings(timezone, currency)
        _check_free(place)
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

    def snapshot(self) -> Snapshot:
        """Return the current snapshot, memory-mapped; an empty one before the first import."""
        for _ in range(5):
            name = current_id(self._places)
            if name is None:
                return _empty(self.timezone, self.currency)
            if self._opened is None or self._opened.id != name:
                try:
                    self._opened = open_snapshot(self._places.snapshot(name))
                except FileNotFoundError:
                    # Two imports ended while this one was being opened, and its folder went away.
                    continue
            return self._opened
        raise StoreTrouble(
            "SNAPSHOT_DAMAGED",
            f"The current snapshot of {self.path} lacks a file.",
            "Put the workspace back from a backup.",
        )

    def begin_import(
        self, *, files: Sequence[InputFile], source: str = "files", hashed: bool = True
    ) -> ImportTransaction:
        """Begin an import; the workspace has one writer at a time.

        Parameters
        ----------
        files
            What is read, in the order in which rows come.
        source
            Part of every event's identity: the same row under another source is another event.
        hashed
            Whether the ids of rows are hashes of the rows (``row_digests``) or were given (``text_digests``).

        Raises
        ------
        StoreTrouble
            ``WORKSPACE_BUSY``, ``DISK_FULL``.
        """
        lock = WriterLock(self._places.lock)
        lock.take()
        try:
            recover(self._places, database=self._database)
            with self._database.session() as session:
                last = session.scalar(select(func.max(ImportRow.id))) or 0
            plan = ImportPlan(last + 1, source, tuple(files), hashed, self.timezone, self.currency)
            return ImportTransaction(self._places, plan, database=self._database, lock=lock)
        except BaseException:
            lock.give_back()
            raise

    def imports(self) -> tuple[ImportRecord, ...]:
        """Return every import that was committed, oldest first."""
        with self._database.session() as session:
            files: dict[int, list[ImportedFile]] = {}
            order = (ImportFileRow.import_id, ImportFileRow.position)
            for row in session.scalars(select(ImportFileRow).order_by(*order)):
                files.setdefault(row.import_id, []).append(_imported_file(row))
            rows = session.scalars(select(ImportRow).order_by(ImportRow.id))
            return tuple(_record(row, tuple(files.get(row.id, ()))) for row in rows)

    def seen_file(self, sha256: str, *, source: str = "files") -> ImportedFile | None:
        """Return the file as it was imported before, byte for byte with no row rejected, or null."""
        asked = (
            select(ImportFileRow)
            .join(ImportRow, ImportRow.id == ImportFileRow.import_id)
            .where(ImportFileRow.sha256 == sha256, ImportRow.source == source)
            .where(ImportFileRow.rejected == 0, ImportFileRow.rows > 0)
            .order_by(ImportFileRow.import_id)
            .limit(1)
        )
        with self._database.session() as session:
            row = session.scalar(asked)
            return None if row is None else _imported_file(row)

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


def _check_settings(timezone: str, currency: str) -> None:
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownName.near("timezone", timezone, available_timezones()) from None
    if not re.fullmatch("[A-Z]{3}", currency):
        raise WrongUsage(
            "BAD_CURRENCY",
            f"{currency!r} is not a currency.",
            "Write its three letters, for example EUR.",
        )


def _check_free(place: Path) -> None:
    if (place / FILE).exists():
        raise BadInput(
            "WORKSPACE_EXISTS",
            f"There is a workspace in {place} already.",
            "Use it as it is, or choose another folder.",
        )
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise BadInput(
            "FOLDER_NOT_EMPTY",
            f"{place} is not an empty folder.",
            "Choose a folder that is empty or not there yet.",
        )


def _empty(timezone: str, currency: str) -> Snapshot:
    nothing = np.zeros(0, dtype=np.int64)
    return snapshot_from_arrays(
        [],
        EventArrays(nothing, nothing, nothing),
        names=(),
        timezone=timezone,
        currency=currency,
        snapshot_id="empty",
    )


def _imported_file(row: ImportFileRow) -> ImportedFile:
    return ImportedFile(row.path, row.sha256, row.bytes, row.rows, row.rejected)


def _record(row: ImportRow, files: tuple[ImportedFile, ...]) -> ImportRecord:
    result = ImportResult(
        import_id=row.id,
        accepted=row.accepted,
        rejected=row.rejected,
        duplicates=row.duplicates,
        conflicting=row.conflicting,
        entities=row.entities,
        events=row.events,
        from_us=row.from_us,
        to_us=row.to_us,
    )
    return ImportRecord(result, row.source, row.committed_at, files)
