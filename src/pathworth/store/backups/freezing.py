"""Gives the files of a workspace a second name aside, so that what belongs together stays whatever comes next.

No file that readers see is changed in place: each is written aside and moved in whole, or leaves. A second name thus
keeps its bytes at no cost, and only the names have to be taken while nobody writes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from pathworth.base.errors import StoreTrouble
from pathworth.store.commits import Places, current_id
from pathworth.store.entities.building import SET
from pathworth.store.files import WriterLock
from pathworth.store.lake import Lake
from pathworth.store.records.database import FILE
from pathworth.store.records.server.address import SETTINGS
from pathworth.store.shards.column_files import MANIFEST as COLUMN
from pathworth.store.shards.snapshots import read_manifest
from pathworth.store.shared import all_present, present
from pathworth.store.shared.awaited import AWAY, bring_all
from pathworth.store.shared.places import PART

ASIDE, LOCK = "backing-up", "backup.lock"
_PASSING = {ASIDE, "uploads", "staging", "unfinished", "scratch", "compacting", "pulls"}
_OWN_RULES = {"lake", "snapshots", "columns", "entities"}
_TRIES = 5
_Found = dict[str, int]


def aside_of(places: Places) -> Path:
    """Return the folder of a backup that is being taken."""
    return places.root / ASIDE


def lock_of(places: Places) -> Path:
    """Return the lock file of whoever takes a backup."""
    return places.root / LOCK


def sweep_backup(places: Places) -> None:
    """Remove what a backup that was cut short left in the workspace."""
    lock = WriterLock(lock_of(places))
    if aside_of(places).exists() and lock.take_within(0):
        shutil.rmtree(aside_of(places), ignore_errors=True)
        lock.give_back()


def freeze(places: Places) -> None:
    """Give every file but the database a second name in a new folder aside; the caller is the one writer."""
    aside = aside_of(places)
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    for file in (*_plain(places), *_lake(places), *_snapshots(places)):
        _link(places, file)
    for folder in _made_on_use(places):
        _link_whole(places, folder)


def _plain(places: Places) -> Iterator[Path]:
    """Yield what stands in no folder with a rule of its own: ids, rejected and shadowed rows, and what is current."""
    for place in sorted(places.root.iterdir()):
        if place.is_file():
            other = place.name.startswith(FILE) or place.name == SETTINGS
            if not other and place.suffix not in {".lock", ".aside"}:
                yield place
        elif place.name not in _PASSING | _OWN_RULES:
            yield from _files(place)


def _lake(places: Places) -> Iterator[Path]:
    """Yield the files of the lake's table and its log, without what was never, or is no longer, part of it."""
    log = places.lake / "_delta_log"
    for file in _files(log):
        if not file.name.startswith("_commit_") and file.suffix != ".tmp":
            yield file
    yield from (present(places.lake / file.path) for file in Lake(places.lake).files())


def fetch_away(places: Places) -> None:
    """Fetch what lies at an address alone: a backup is whole by itself, and nobody waits while this takes its time."""
    all_present(places.lake)
    for folder in _current(places):
        bring_all(folder)


def _snapshots(places: Places) -> Iterator[Path]:
    """Yield the files of the current snapshot, and of that whose shards it has."""
    for folder in _current(places):
        bring_all(folder)
        for file in _files(folder):
            if file.name != AWAY and file.suffix != PART:
                yield file


def _current(places: Places) -> list[Path]:
    name = current_id(places)
    if name is None:
        return []
    return [
        places.snapshot(one) for one in sorted({name, read_manifest(places.snapshot(name)).folder})
    ]


def _made_on_use(places: Places) -> Iterator[Path]:
    """Yield folders that come and go without the writer's lock, each with all that makes it whole."""
    name = current_id(places)
    if name is not None:
        yield from _whole(places.built(read_manifest(places.snapshot(name)).folder), COLUMN)
    every = places.entity("")
    for folder in sorted(every.iterdir()) if every.exists() else ():
        for made in _whole(folder, SET):
            yield made
            yield from _whole(made / "columns", COLUMN)


def _whole(folder: Path, mark: str) -> Iterable[Path]:
    there = sorted(folder.iterdir()) if folder.exists() else []
    return [one for one in there if (one / mark).exists()]


def _files(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        yield from (Path(place) / name for name in sorted(names))


def _link(places: Places, file: Path) -> None:
    target = aside_of(places) / file.relative_to(places.root)
    target.parent.mkdir(parents=True, exist_ok=True)
    os.link(file, target)


def _link_whole(places: Places, folder: Path) -> None:
    """Link the files of a folder that may be replaced meanwhile; one that is gone is made again on use."""
    target = aside_of(places) / folder.relative_to(places.root)
    for _ in range(_TRIES):
        before = _listed(folder)
        try:
            for name in before:
                _link(places, folder / name)
        except FileNotFoundError:
            pass
        else:
            if _listed(folder) == before:
                return
        for name in before:
            (target / name).unlink(missing_ok=True)
        if not folder.exists():
            return
    raise StoreTrouble(
        "WORKSPACE_BUSY",
        f"{folder} is being written again and again.",
        "Take the backup again when that has ended.",
    )


def _listed(folder: Path) -> _Found:
    """Return the files right in a folder with what tells each from another of its name."""
    try:
        with os.scandir(folder) as found:
            return {one.name: one.inode() for one in found if one.is_file()}
    except FileNotFoundError:
        return {}
