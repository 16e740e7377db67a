"""Reads the database, the lake, the snapshot and the ids, and holds them against each other."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pathworth.base.errors import StoreTrouble
from pathworth.store.aside.unfinished import unfinished
from pathworth.store.checks.contracts import Check
from pathworth.store.commits import JOURNAL, Places, current_id, home_id
from pathworth.store.entities.building import read_set
from pathworth.store.entities.sets import command_of
from pathworth.store.files import WriterLock
from pathworth.store.fingerprints import Run
from pathworth.store.lake import Lake, LakeFile, lies_at
from pathworth.store.records.database import FILE, HEAD, Database
from pathworth.store.records.server.address import address_of
from pathworth.store.shards.column_files import open_column
from pathworth.store.shards.snapshots import Manifest, open_snapshot, read_manifest
from pathworth.store.shared import Awaited, Shared, files_away, size_of, without_secrets

_RESTORE = "Put the workspace back from a backup."
_REBUILD = "Import a file, or run the job rebuild: the shards are made anew from the lake."


def check_database(folder: Path) -> Check:
    """Read every page of the operational database; of one on a server, whether it answers with the right tables."""
    if address_of(folder) is not None:
        return _on_server(folder)
    try:
        connection = _opened(folder / FILE)
        try:
            found = [row[0] for row in connection.execute("pragma integrity_check(3)")]
            strays = connection.execute("pragma foreign_key_check").fetchall()
            version = connection.execute("select version_num from alembic_version").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.Error as trouble:
        return Check("database", "broken", f"It cannot be read: {trouble}.", _RESTORE)
    if found != ["ok"]:
        return Check("database", "broken", f"It is damaged: {found[0]}.", _RESTORE)
    if strays:
        says = f"{len(strays)} rows of {strays[0][0]} point at nothing."
        return Check("database", "broken", says, _RESTORE)
    return _version(version, f"Every page can be read; tables of version {HEAD}.")


def _on_server(folder: Path) -> Check:
    """Ask a server; whether its pages are whole is its own to check."""
    try:
        version = Database(folder).revision()
    except StoreTrouble as trouble:
        return Check("database", "broken", trouble.message, trouble.hint)
    if version is None:
        return Check("database", "broken", "The server holds no workspace there.", _RESTORE)
    return _version(version, f"The server answers; tables of version {HEAD}.")


def _version(version: str, well: str) -> Check:
    if version != HEAD:
        says = f"Its tables are of version {version}, this program's are {HEAD}."
        remedy = "Open it once with the newest version of the program."
        return Check("database", "broken" if version > HEAD else "look", says, remedy)
    return Check("database", "ok", well)


def _opened(file: Path) -> sqlite3.Connection:
    """Open the database for reading; on a full disk, where its log cannot be shared, as it lies there."""
    where = f"{file.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(where, uri=True)
    try:
        connection.execute("select 1 from sqlite_master")
    except sqlite3.OperationalError:
        connection.close()
        log = file.with_name(f"{file.name}-wal")
        if log.exists() and log.stat().st_size:
            raise
        connection = sqlite3.connect(f"{where}&immutable=1", uri=True)
    return connection


def check_store(folder: Path) -> tuple[Check, ...]:
    """Check the lake, the snapshot, the ids and whether something is unfinished."""
    places = Places(folder)
    return tuple(
        _safely(name, look, places)
        for name, look in (
            ("lake", _lake),
            ("snapshot", _snapshot),
            ("columns", _columns),
            ("entities", _entities),
            ("ids", _ids),
            ("unfinished", _unfinished),
        )
    )


def _safely(name: str, look: Callable[[Places], Check], places: Places) -> Check:
    try:
        return look(places)
    except Exception as trouble:  # noqa: BLE001 - libraries say damage in many ways; each is told as one
        return Check(name, "broken", f"It cannot be read: {_first_line(trouble)}", _RESTORE)


def _first_line(trouble: Exception) -> str:
    return (str(trouble).strip().splitlines() or [type(trouble).__name__])[0][:300]


def _lake(places: Places) -> Check:
    lake = Lake(places.lake)
    sizes, files, lacking = lake.sizes(), lake.files(), []
    for file in files:
        try:
            says = _fault(places.lake / file.path, file, size=sizes[file.path])
        except FileNotFoundError:
            lacking.append(file.path)
            continue
        if says is not None:
            return Check("lake", "broken", says, _RESTORE)
    says = f"{_rows(lake):,} events in {len(files):,} files"
    if not lacking:
        return Check("lake", "ok", f"{says}.")
    address = lies_at(places.lake)
    if address is None:
        return Check("lake", "broken", f"{lacking[0]} is missing.", _RESTORE)
    try:
        there = Shared(address).sizes()
    except StoreTrouble as trouble:
        return Check("lake", "look", trouble.message, trouble.hint)
    where = without_secrets(address)
    for path in lacking:
        if there.get(path) != sizes[path]:
            says = f"{path} is neither here nor whole in {where}."
            return Check("lake", "broken", says, _RESTORE)
    return Check("lake", "ok", f"{says}, {len(lacking):,} of them in {where} alone.")


def _fault(path: Path, file: LakeFile, *, size: int) -> str | None:
    """Return what is wrong with a data file that is here; null where nothing is."""
    if path.stat().st_size != size:
        return f"{file.path} holds {path.stat().st_size} bytes, its log says {size}."
    rows = pq.read_metadata(path).num_rows
    if rows != file.rows:
        return f"{file.path} holds {rows} events, its log says {file.rows}."
    return None


def _rows(lake: Lake) -> int:
    return sum(file.rows for file in lake.files())


def _snapshot(places: Places) -> Check:
    name = current_id(places)
    lake = _rows(Lake(places.lake))
    if name is None:
        if lake:
            says = f"The lake holds {lake:,} events and there is no snapshot."
            return Check("snapshot", "broken", says, _REBUILD)
        return Check("snapshot", "ok", "Nothing was imported yet.")
    tip = read_manifest(places.snapshot(name))
    folder = places.snapshot(tip.folder)
    manifest = read_manifest(folder)
    try:
        for says in _faults(folder, manifest):
            return Check("snapshot", "broken", says, _REBUILD)
    except StoreTrouble as trouble:
        if trouble.code != "SHARED_UNREACHABLE":
            raise
        return Check("snapshot", "look", trouble.message, trouble.hint)
    if manifest.events + tip.behind != lake:
        says = f"It holds {manifest.events + tip.behind:,} events, the lake {lake:,}."
        return Check("snapshot", "broken", says, _REBUILD)
    says = f"{manifest.events:,} events of {manifest.entities:,} people in {len(manifest.shards)} shards"
    says += f", {tip.behind:,} newer ones beside them." if tip.behind else "."
    return Check("snapshot", "ok", says)


def _columns(places: Places) -> Check:
    """Look at the columns beside the snapshot; none is missed, since each can be made again."""
    folder = places.built(home_id(places) or "none")
    built = sorted(folder.iterdir()) if folder.exists() else []
    torn = [place for place in built if open_column(place) is None]
    if torn:
        says = f"{len(torn)} of {len(built)} columns made on use are not whole."
        return Check("columns", "look", says, "Each is made again when it is next asked for.")
    return Check("columns", "ok", f"{len(built)} columns made on use.")


def _entities(places: Places) -> Check:
    """Look at the shard sets of declared entities; none is lost with its files, since each can be built again."""
    every = sorted(places.entity("").glob("*/*"))
    held = [(folder, made) for folder in every if (made := read_set(folder)) is not None]
    for folder, made in held:
        for says in _faults(folder, read_manifest(folder)):
            name = folder.parent.name
            remedy = f"pathworth entity remove {name}, then: {command_of(name, made.by)}"
            return Check("entities", "broken", f"{folder.name}: {says}", remedy)
    return Check("entities", "ok", f"{len(held)} declared entities have journeys of their own.")


def _lies(path: Path, found: str | None) -> tuple[int | None, str]:
    """Return the bytes of a shard's file, null where there is none, and where it was looked for if not here."""
    if path.is_file():
        return path.stat().st_size, ""
    return (None, "") if found is None else (size_of(found), " at its address")


def _faults(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Yield what is wrong with the files of a snapshot."""
    away = files_away(folder)
    for entry in manifest.shards:
        path = folder / entry.file
        size, where = _lies(path, away.get(entry.file))
        if size is None:
            yield f"{path.name} is missing{where}."
        elif size != entry.size:
            yield f"{path.name} holds {size} bytes{where}, its manifest says {entry.size}."
    try:
        opened = open_snapshot(folder)
    except FileNotFoundError as trouble:
        yield f"{Path(str(trouble.filename)).name} is missing."
        return
    for number, shard in enumerate(opened.shards):
        if isinstance(shard, Awaited):
            # It is not fetched to be looked at: whoever wrote it there looked at its size.
            continue
        offset, letters = shard.offset, shard.id_offset
        if (np.diff(offset) <= 0).any() or int(offset[-1]) != shard.events:
            yield f"Shard {number}: people do not begin where others end."
        if (np.diff(letters) < 0).any() or int(letters[-1]) != len(shard.id_bytes):
            yield f"Shard {number}: the table of ids is torn."
        if shard.events and int(shard.name.max()) >= len(opened.names):
            yield f"Shard {number}: an event has a name that is not in the dictionary."
        times = np.diff(shard.time_us)
        times[offset[1:-1] - 1] = 0
        if (times < 0).any():
            yield f"Shard {number}: events are out of order."


def _ids(places: Places) -> Check:
    name = current_id(places)
    lake = _rows(Lake(places.lake))
    runs = [] if name is None else read_manifest(places.snapshot(name)).fingerprints
    held = 0
    for one in runs:
        folder = places.run(one)
        sizes = {column: (folder / column).stat().st_size for column in ("high", "low", "content")}
        if len(set(sizes.values())) > 1:
            says = f"The run {one} is torn: its columns hold {sorted(sizes.values())} bytes."
            return Check("ids", "broken", says, _RESTORE)
        if sizes["high"] and not _ascends(np.memmap(folder / "high", np.uint64, "r")):
            return Check("ids", "broken", f"The run {one} is out of order.", _RESTORE)
        held += Run(folder).size
    if held < lake:
        says = f"{held:,} ids for {lake:,} events: an event handed in again would count twice."
        return Check("ids", "broken", says, _RESTORE)
    return Check("ids", "ok", f"{held:,} ids for {lake:,} events, in {len(runs)} runs.")


def _ascends(column: NDArray[np.uint64]) -> bool:
    return bool((column[1:] >= column[:-1]).all())


def _set_aside(places: Places) -> Check:
    """Say which imports were cut short whose rows are kept."""
    found = unfinished(places.unfinished)
    if not found:
        return Check("unfinished", "ok", "No import is unfinished.")
    said = "; ".join(f"{one.rows:,} rows of {', '.join(one.files)}" for one in found)
    remedy = "Import the same files again to go on from there; after a week the rows are forgotten."
    return Check("unfinished", "look", f"Cut short, and kept: {said}.", remedy)


def _unfinished(places: Places) -> Check:
    if not places.all_staging.exists() or not any(places.all_staging.iterdir()):
        return _set_aside(places)
    lock = WriterLock(places.lock)
    try:
        lock.take()
    except StoreTrouble as busy:
        return Check("unfinished", "ok", f"An import is being written. {busy.message}")
    lock.give_back()
    staged = sorted(place.name for place in places.all_staging.iterdir())
    ready = [name for name in staged if (places.all_staging / name / JOURNAL).exists()]
    says = f"Cut short: import {', '.join(staged)}"
    says += f"; finished in all but showing: {', '.join(ready)}." if ready else "."
    remedy = "It is carried on or taken back when the workspace is next opened."
    return Check("unfinished", "look", says, remedy)
