"""Properties become columns when they are first asked for: read from the lake, whole on the disk or not there.

A column is staged in ``scratch/column``, synced, and renamed into ``columns/<snapshot>``: a crash leaves what was
staged, which the next one to make a column clears away. One process makes one column at a time, under the lock
``columns.lock``; it needs neither the writer's lock nor anything of the database, so that events come in and are
numbered meanwhile, and enter the lake. The lake must hold what the shards were made of: each change leaves its number
in the table, and the manifest that it makes bears the same number; what only came in since is left out by its number.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import shutil
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.base.errors import NotSupported, StoreTrouble
from pathworth.store.arrays import shard_of
from pathworth.store.aside.blocks import one
from pathworth.store.commits import Places, current_id, drop_empty
from pathworth.store.contracts import Kind, Shard
from pathworth.store.files import alone, disk_trouble, move_in, sync_tree
from pathworth.store.identity.persons import Persons
from pathworth.store.lake import Lake, LakeFile
from pathworth.store.shards.column_files import (
    MANIFEST,
    NotInShards,
    open_column,
    spread,
    write_column,
)
from pathworth.store.shards.columns import (
    CARRIED,
    DIRECT_TYPES,
    ROOM_VARIABLE,
    PropertyColumn,
    dictionary_room,
)
from pathworth.store.shards.dictionaries import PARSED
from pathworth.store.shards.further import FurtherColumn
from pathworth.store.shards.lake_rows import parts_of, read_part
from pathworth.store.shards.snapshots import Manifest, open_snapshot, read_manifest
from pathworth.store.shards.spool import Spool
from pathworth.store.shared import footer
from pathworth.store.texts import encoded, hash64

MOVED = "SNAPSHOT_MOVED"
Progress = Callable[[str, float], None]
_log = logging.getLogger("pathworth.columns")
_NAME = "name"
_TRIES, _PAUSE_S = 40, 0.05
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def log_progress(what: str, share: float) -> None:
    """Tell the log where nobody else listens."""
    _log.info("%s: %.0f %%", what, 100 * share, extra={"what": what, "share": share})


@dataclass(frozen=True)
class ColumnMaker:
    """Makes columns of one snapshot.

    Parameters
    ----------
    places
        The workspace.
    manifest
        The snapshot's.
    tell
        Told in words what is being made, and the share of it that is done.
    """

    places: Places
    manifest: Manifest
    tell: Progress = log_progress

    def there(self, name: str) -> bool:
        """Return whether the column of a property lies on the disk."""
        return (self._folder(name) / MANIFEST).exists()

    def make(self, name: str) -> FurtherColumn:
        """Return the column of a property, made first when it is not there; raises as ``texts`` does."""
        return self._got(name, self._folder(name), PARSED)

    def texts(self, name: str) -> FurtherColumn:
        """Return the column of a property as texts, whatever they look like, made first when it is not there.

        Raises
        ------
        NotSupported
            ``COLUMN_TOO_LARGE``.
        StoreTrouble
            ``SNAPSHOT_MOVED``, ``DISK_FULL``, ``COLUMN_NOT_WRITABLE``.
        """
        return self._got(name, folders_of(self.built, name)[1], ())

    def _got(self, name: str, folder: Path, kinds: Collection[Kind]) -> FurtherColumn:
        found = open_column(folder)
        if found is not None:
            return found
        root = self.places.root
        try:
            with disk_trouble(root), alone(root / "columns.lock"):
                found = open_column(folder)
                if found is None:
                    self._make(name, folder, kinds)
                    found = open_column(folder)
        except OSError as trouble:
            if trouble.errno not in _FORBIDDEN:
                raise
            raise _not_writable(name, root) from trouble
        if found is None:
            raise _moved()
        return found

    @property
    def home(self) -> Path:
        """Return the folder of the shards."""
        return self.places.snapshot(self.manifest.id)

    @property
    def built(self) -> Path:
        """Return the folder of the columns that lie beside them."""
        return self.places.built(self.manifest.id)

    @property
    def scratch(self) -> Path:
        """Return the folder for what must be set aside while a column is made."""
        return self.places.root / "scratch" / "column"

    def stands(self, tip: Manifest) -> bool:
        """Return whether the lake of a moment holds what the shards were made of."""
        return tip.folder == self.manifest.id

    def spread(
        self, parts: Iterable[pa.Table], shards: Sequence[Shard]
    ) -> Iterator[tuple[pa.Table, NDArray]]:
        """Yield the rows that the shards hold, and the shard of each; those that came in since lie behind them.

        Parameters
        ----------
        parts
            Rows of the lake: ``seq`` and ``entity``.
        """
        persons = Persons.read(self.home, self.manifest.links)
        for part in parts:
            own = pc.less_equal(part["seq"], self.manifest.seq)
            kept = part if pc.all(own).as_py() else part.filter(own)
            ids, entity = encoded(one(kept["entity"]))
            yield kept, shard_of(hash64(persons.of(ids)), len(shards))[entity]

    def _folder(self, name: str) -> Path:
        return folders_of(self.built, name)[0]

    def _make(self, name: str, folder: Path, kinds: Collection[Kind]) -> None:
        scratch = self.scratch
        shutil.rmtree(scratch, ignore_errors=True)
        try:
            ready = scratch / "ready"
            ready.mkdir(parents=True)
            self._write(name, ready, scratch / "rows", kinds=kinds)
            name_folder(ready, name)
            sync_tree(ready)
            move_in(ready, folder)
        except (FileNotFoundError, NotInShards) as trouble:
            # Its files were cleared away by a newer snapshot.
            self._tidy(scratch)
            raise _moved() from trouble
        except Exception:
            self._tidy(scratch)
            raise
        self._tidy(scratch)

    def _tidy(self, scratch: Path) -> None:
        shutil.rmtree(scratch, ignore_errors=True)
        drop_empty(scratch.parent)

    def _write(self, name: str, ready: Path, rows: Path, *, kinds: Collection[Kind]) -> None:
        what = f"making the column {name}"
        self.tell(what, 0.0)
        lake = Lake(self.places.lake)
        files = files_now(self.places, self.stands)
        files = files_holding(lake, files, column=self.manifest.others[name].lake)
        shards = open_snapshot(self.home).shards
        for direct in (tuple(DIRECT_TYPES), ()):
            column = PropertyColumn(
                name,
                self.manifest.others[name].lake,
                least=None,
                room=dictionary_room(),
                kinds=kinds,
                direct=direct,
            )
            spool = Spool(rows, len(shards))
            told = _Told(sum(file.rows for file in files), lambda share: self.tell(what, share))
            try:
                read = partial(
                    read_part,
                    columns=["seq", "entity", column.lake],
                    texts=["entity", column.lake],
                )
                parts = self.spread(map(read, parts_of(lake.folder, files)), shards)
                zone = self.manifest.timezone
                if spread(parts, column, spool=spool, timezone=zone, progress=told.rows):
                    write_column(
                        column,
                        shards,
                        spool=spool,
                        folder=ready,
                        timezone=zone,
                        progress=lambda done: self.tell(what, 0.7 + 0.3 * done / len(shards)),
                    )
                    return
            finally:
                spool.close()
            if not column.mixed:
                raise _too_large(column)


def folders_of(built: Path, name: str) -> tuple[Path, Path]:
    """Return where the column of a property lies, and where its texts do that look like something else."""
    # Names may be longer than a file's may, and hold anything.
    known = hashlib.sha256(name.encode()).hexdigest()[:32]
    return built / known, built / f"{known}-texts"


def name_folder(folder: Path, name: str) -> None:
    """Write into the folder of a column what it is called."""
    (folder / _NAME).write_text(name)


def files_now(places: Places, stands: Callable[[Manifest], bool]) -> list[LakeFile]:
    """Return the files of the lake for as long as the newest snapshot is one that stands.

    Raises
    ------
    StoreTrouble
        ``SNAPSHOT_MOVED`` when it is another one by now.
    """
    lake = Lake(places.lake)
    for _ in range(_TRIES):
        name = current_id(places)
        tip = None if name is None else read_manifest(places.snapshot(name))
        if tip is None or not stands(tip):
            break
        # The lake takes what comes in a moment before the shards are told.
        files = lake.files_until(int(tip.id))
        if files is not None:
            return files
        time.sleep(_PAUSE_S)
    raise _moved()


def files_holding(lake: Lake, files: Iterable[LakeFile], *, column: str) -> list[LakeFile]:
    """Return those of some files of the lake that hold a column."""
    return [f for f in files if column in footer(lake.folder / f.path).schema.names]


class _Told:
    """Counts rows that were read, and tells which share of all that is."""

    def __init__(self, total: int, tell: Callable[[float], None]) -> None:
        self.done, self.total, self.tell = 0, total, tell

    def rows(self, count: int) -> None:
        """Count more rows."""
        self.done += count
        self.tell(0.7 * self.done / max(self.total, 1))


def asked_names(places: Places, manifest: Manifest | None) -> Sequence[str]:
    """Return the properties that were asked for of a snapshot, by name: so many that they can all be carried on."""
    if manifest is None:
        return ()
    carried = {column.name for column in manifest.columns if not column.promoted}
    return sorted({*carried, *_made(places.built(manifest.folder))})[:CARRIED]


def _made(folder: Path) -> Iterator[str]:
    for place in folder.iterdir() if folder.exists() else ():
        if (place / MANIFEST).exists():
            yield (place / _NAME).read_text()


def _moved() -> StoreTrouble:
    return StoreTrouble(
        MOVED,
        "The data has changed since the question was begun, and the column that it needs is not there yet.",
        "Ask again; in Python, select the journeys anew.",
    )


def _not_writable(name: str, root: Path) -> StoreTrouble:
    return StoreTrouble(
        "COLUMN_NOT_WRITABLE",
        f"{name!r} is no column yet, and one cannot be written into {root} from here.",
        "Ask once where the workspace can be written; from then on everybody has it.",
    )


def _too_large(column: PropertyColumn) -> NotSupported:
    mib = dictionary_room() >> 20
    return NotSupported(
        "COLUMN_TOO_LARGE",
        f"{column.name!r} has so many different values that a table of them passes {mib:,} MiB of memory "
        f"(it does at {column.distinct:,} of them).",
        f"Where the memory is there, allow more with {ROOM_VARIABLE}={4 * mib}; "
        "or import the property in a shorter form.",
    )
