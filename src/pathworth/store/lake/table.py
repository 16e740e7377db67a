"""The event lake: a Delta table that holds every accepted event, in zones, each import exactly once."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, unquote

import pyarrow as pa
from deltalake import DeltaTable, Field, Schema
from deltalake.schema import PrimitiveType
from deltalake.transaction import AddAction, CommitProperties, Transaction

from pathworth.store.files import link_in, sync_file
from pathworth.store.lake.files import FIXED, LakeFile, LakeWriter, file_name
from pathworth.store.lake.marker import leaving

_APP = "pathworth-import"
PREFIX = "p_"
LOG = "_delta_log"


class Lake:
    """The lake of one workspace.

    Parameters
    ----------
    folder
        Where the Delta table lies.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self) -> None:
        """Make the empty table."""
        fields = [pa.field("zone", pa.string()), *(pa.field(*pair) for pair in FIXED)]
        DeltaTable.create(self.folder, schema=pa.schema(fields), partition_by=["zone"])
        self._sync_log()

    def holds(self, import_id: int) -> bool:
        """Return whether the import of that number is in the lake, whole."""
        return (DeltaTable(self.folder).transaction_version(_APP) or 0) >= import_id

    def files(self) -> list[LakeFile]:
        """Return the files of the table, by import and zone."""
        return _files(DeltaTable(self.folder))

    def sizes(self, version: int | None = None) -> dict[str, int]:
        """Return the bytes of every data file of the table by its path, as the log says."""
        table = DeltaTable(self.folder, version=version)
        added = pa.table(table.get_add_actions(flatten=True))
        paths, sizes = added["path"].to_pylist(), added["size_bytes"].to_pylist()
        return dict(zip(paths, sizes, strict=True))

    def files_until(self, number: int) -> list[LakeFile] | None:
        """Return the files as the changes up to a number left them; null when a later one came since."""
        table = DeltaTable(self.folder)
        last = table.transaction_version(_APP) or 0
        return _files(table) if last <= number else None

    def properties(self) -> dict[str, str]:
        """Return the lake's column of each property by the property's name."""
        names = [field.name for field in DeltaTable(self.folder).schema().fields]
        return {unquote(n[len(PREFIX) :]): n for n in names if n.startswith(PREFIX)}

    def columns_for(self, properties: Iterable[str]) -> dict[str, str]:
        """Return a lake column for every property, known or new, by the property's name."""
        known = self.properties()
        lower = {column.lower() for column in known.values()}
        for name in sorted(set(properties) - set(known)):
            column = next(c for c in _spellings(name) if c.lower() not in lower)
            lower.add(column.lower())
            known[name] = column
        return known

    def writer(
        self,
        import_id: int,
        *,
        columns: Mapping[str, str],
        zoned: bool,
        undo_id: int | None = None,
    ) -> LakeWriter:
        """Return a writer of files that nobody sees before ``commit``; an undo's carry its number too."""
        return LakeWriter(
            self.folder,
            import_id,
            columns=columns,
            zoned=zoned,
            name=file_name(import_id, undo_id),
        )

    def take_in(self, folder: Path, files: Iterable[LakeFile]) -> None:
        """Let files that lie elsewhere lie here too; nobody sees them before ``commit``."""
        for file in files:
            link_in(folder / file.path, self.folder / file.path)
        sync_file(self.folder)

    def files_of(self, import_id: int) -> list[LakeFile]:
        """Return the files with the events of one import, those that an undo brought back included."""
        start = file_name(import_id).removesuffix(".parquet")
        return [f for f in self.files() if f.path.split("/")[1].startswith(start)]

    def commit(self, import_id: int, *, files: Sequence[LakeFile], columns: Iterable[str]) -> None:
        """Make the files of an import part of the table, all at once and never twice.

        Parameters
        ----------
        import_id
            Number of the import; a number that the table holds already changes nothing.
        files
            Synced files that ``writer`` wrote.
        columns
            Lake columns of properties, those that are new to the table included.
        """
        if self.holds(import_id):
            return
        table = self._with_columns(columns)
        table.create_write_transaction(
            [self._action(file) for file in files],
            "append",
            Schema(table.schema().fields),
            ["zone"],
            commit_properties=CommitProperties(app_transactions=[Transaction(_APP, import_id)]),
        )
        self._sync_log()

    def replace(
        self,
        undo_id: int,
        *,
        files: Sequence[LakeFile],
        gone: Sequence[str],
        columns: Iterable[str],
    ) -> None:
        """Take files out of the table and others in, all at once and never twice.

        The library has no commit that does both for named files, so the entry of the log is written here.

        Parameters
        ----------
        undo_id
            Number of the undo; a number that the table holds already changes nothing.
        files, columns
            As for ``commit``.
        gone
            Paths of the files that leave.
        """
        if self.holds(undo_id):
            return
        version = int(self._with_columns(columns).version()) + 1
        now = int(time.time() * 1000)
        txn: dict[str, object] = {"appId": _APP, "version": undo_id, "lastUpdated": now}
        removed = {"deletionTimestamp": now, "dataChange": True}
        entries: list[dict[str, dict[str, object]]] = [
            {"commitInfo": {"timestamp": now, "operation": "UNDO IMPORT"}},
            {"txn": txn},
        ]
        entries += [{"remove": {"path": path, **removed}} for path in gone]
        entries += [{"add": self._entry(file)} for file in files]
        self._write_log(version, entries)

    def delete(self, paths: Iterable[str]) -> None:
        """Delete files that have left the table."""
        # Whoever is just fetching one of them finds first that it left, or brings it in before it goes.
        with leaving(self.folder):
            for path in paths:
                file = self.folder / path
                file.unlink(missing_ok=True)
                if file.parent.exists() and not any(file.parent.iterdir()):
                    file.parent.rmdir()

    def version(self) -> int:
        """Return the version of the table's log."""
        return int(DeltaTable(self.folder).version())

    def undo_log(self, version: int) -> None:
        """Take back versions after the given one: of an import that failed, so that no reader needs them."""
        for entry in (self.folder / LOG).iterdir():
            number = entry.name.split(".")[0]
            half_written = entry.name.endswith(".tmp") or entry.name.startswith("_commit_")
            if half_written or (number.isdigit() and int(number) > version):
                entry.unlink()

    def drop_files(self, import_id: int) -> None:
        """Delete the files of an import that never became part of the table."""
        held = {file.path for file in self.files()}
        names = (file_name(import_id), f"import-*-{import_id:08d}.parquet")
        found = [path for name in names for path in self.folder.glob(f"zone=*/{name}")]
        paths = [str(path.relative_to(self.folder)) for path in found]
        self.delete(path for path in paths if path not in held)

    def _with_columns(self, columns: Iterable[str]) -> DeltaTable:
        """Return the table, after it was given the columns that it lacks."""
        table = DeltaTable(self.folder)
        there = {field.name for field in table.schema().fields}
        new = [Field(c, PrimitiveType("string")) for c in sorted(set(columns) - there)]
        if new:
            table.alter.add_columns(new)
            table = DeltaTable(self.folder)
        return table

    def _write_log(self, version: int, entries: Sequence[Mapping[str, object]]) -> None:
        log = self.folder / LOG
        aside = log / "_commit_undo.json.tmp"
        with aside.open("wb") as out:
            out.write("".join(json.dumps(entry) + "\n" for entry in entries).encode())
            out.flush()
            os.fsync(out.fileno())
        # A link fails where a version is there already; a rename would write over it.
        os.link(aside, log / f"{version:020d}.json")
        aside.unlink()
        self._sync_log()

    def _entry(self, file: LakeFile) -> dict[str, object]:
        """Return a file as the log names it."""
        return {
            "path": file.path,
            "partitionValues": {"zone": file.path.split("/")[0].removeprefix("zone=")},
            "size": (self.folder / file.path).stat().st_size,
            "modificationTime": int(time.time() * 1000),
            "dataChange": True,
            "stats": json.dumps({"numRecords": file.rows}),
        }

    def _action(self, file: LakeFile) -> AddAction:
        size = (self.folder / file.path).stat().st_size
        zone = file.path.split("/")[0].removeprefix("zone=")
        stats = json.dumps({"numRecords": file.rows})
        now = int(time.time() * 1000)
        return AddAction(file.path, size, {"zone": zone}, now, data_change=True, stats=stats)

    def _sync_log(self) -> None:
        log = self.folder / LOG
        for entry in log.iterdir():
            sync_file(entry)
        for folder in (log, self.folder, self.folder.parent):
            sync_file(folder)


def _files(table: DeltaTable) -> list[LakeFile]:
    added = pa.table(table.get_add_actions(flatten=True))
    paths, rows = added["path"].to_pylist(), added["num_records"].to_pylist()
    found = [LakeFile(path, count) for path, count in zip(paths, rows, strict=True)]
    return sorted(found, key=lambda file: _by_import(file.path))


def _spellings(name: str) -> Iterator[str]:
    """Yield lake columns for a property: Delta takes `Plan` and `plan` for one, so one may be `%50lan`."""
    for count in range(len(name) + 1):
        start = "".join(f"%{byte:02X}" for byte in name[:count].encode())
        yield PREFIX + start + _quoted(name[count:])


def _quoted(text: str) -> str:
    """Return text without the characters that Delta forbids or reads in its own way in column names."""
    return quote(text, safe="").replace(".", "%2E")


def _by_import(path: str) -> tuple[str, str]:
    zone, _, name = path.partition("/")
    return name, zone
