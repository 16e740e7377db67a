"""Shards of an import that was cut short: those that are whole on the disk are kept, and the others are built."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec

from pathworth.store.aside.logbook import Logbook, ShardDone
from pathworth.store.files import sync_file
from pathworth.store.lake import LakeFile
from pathworth.store.shards.build import Kept
from pathworth.store.shards.coding import Plan
from pathworth.store.shards.columns import dictionary_room
from pathworth.store.shards.entries import ShardEntry

FORMAT = 1
"""Another number whenever the same rows would make other shards."""


def kept_shards(
    logbook: Logbook | None, folder: Path, *, plan: Plan, files: Sequence[LakeFile]
) -> Kept:
    """Return the shards of a plan that lie in a folder since an earlier build of the same files; the rest goes away.

    Parameters
    ----------
    logbook
        Where shards are noted; null when nobody goes on with them.
    folder
        Where they lie.
    plan, files
        What is built, and of what.
    """
    made_of = _made_of(plan, files)
    lines = [] if logbook is None else [*logbook.of(ShardDone)]
    held = {
        one.shard: (one.entry, one.entities)
        for one in lines
        if one.made_of == made_of and _whole(folder, one.entry)
    }
    if not held:
        shutil.rmtree(folder, ignore_errors=True)

    def note(shard: int, made: tuple[ShardEntry, int]) -> None:
        if logbook is not None:
            entry, entities = made
            sync_file(folder / entry.file)
            sync_file(folder)
            logbook.note(ShardDone(made_of, shard, entry, entities))

    return Kept(held, note)


def _whole(folder: Path, entry: ShardEntry) -> bool:
    path = folder / entry.file
    return path.exists() and path.stat().st_size == entry.size


def _made_of(plan: Plan, files: Sequence[LakeFile]) -> str:
    """Return a hash of all that decides the bytes of shards, given that files of the lake never change."""
    said = (
        FORMAT,
        plan.snapshot_id,
        plan.shards,
        plan.rows,
        (plan.timezone, plan.currency),
        list(plan.names),
        [(one.name, one.lake, one.stood, len(one.dictionary)) for one in plan.columns],
        sorted(plan.properties.items()),
        plan.persons.change,
        dictionary_room(),
        list(files),
    )
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()
