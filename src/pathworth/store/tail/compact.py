"""Shards written anew with their tail in them, one after the other beside the readers.

The writer's lock is held for a moment at the beginning and at the end only; in between events are numbered and
enter the lake as ever, and stay behind the new shards as their tail. ``current`` is swapped last: before that
the compaction never was, after it the new snapshot is. An import or an undo that comes in between makes other
shards true, and the compaction is dropped.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Protocol

import numpy as np
import pyarrow as pa

from pathworth.base.errors import NotSupported, StoreTrouble
from pathworth.store.accept import plan_for, stage_snapshot
from pathworth.store.arrays import TRAIT_KINDS, last_values, seq_type, shard_of
from pathworth.store.commits import Places, clear, current_id
from pathworth.store.contracts import ColumnInfo, Snapshot
from pathworth.store.files import WriterLock, disk_trouble, move_in, sync_tree, write_whole
from pathworth.store.identity.persons import Persons
from pathworth.store.lake import Lake, LakeFile
from pathworth.store.shards.build import shard_count
from pathworth.store.shards.coding import Plan
from pathworth.store.shards.entries import ShardEntry
from pathworth.store.shards.on_use import asked_names
from pathworth.store.shards.shape import Shape
from pathworth.store.shards.snapshots import (
    ColumnEntry,
    Manifest,
    OtherEntry,
    ShardWriter,
    read_manifest,
    write_values,
)
from pathworth.store.shards.word_files import WORDS, texts_of, write_words
from pathworth.store.tail.columns import Values
from pathworth.store.tail.live import Live
from pathworth.store.tail.room import Room
from pathworth.store.tail.scratch import Fields, Pieces, Scratch, gathered
from pathworth.store.tail.tail import Still
from pathworth.store.texts import hash64, ids_in

How = Literal["merge", "build"]


class Builder(Protocol):
    """Who builds the shards of files of a lake, where this process does not."""

    def __call__(
        self, lake: Path, held: Sequence[LakeFile], *, plan: Plan, folder: Path
    ) -> Manifest:
        """Write them into a folder that is not there yet; the manifest is returned and not yet written."""
        ...


_NOTHING = np.zeros(0, np.uint32)
_SNAPSHOT = "snapshot"


def compact(
    places: Places,
    how: How | None,
    *,
    writing: Callable[[], AbstractContextManager[int]],
    live: Live,
    settings: tuple[str, str],
    builder: Builder | None = None,
) -> bool:
    """Write the shards of a workspace anew with their tail in them.

    Parameters
    ----------
    how
        ``merge`` writes what the newest snapshot holds; ``build`` reads the whole lake, which decides anew which
        properties are columns and what they hold. Null for whatever is needed, and for nothing without a tail.
    writing
        Makes its caller the one writer with no event left to wait, and gives the number of the next change.
    live
        The newest snapshot.
    settings
        Time zone and currency of the workspace.
    builder
        Builds instead of this process, where ``how`` is to build.

    Returns
    -------
    Whether new shards were written; not where an import came in between either.
    """
    with compacting(places) as folder:
        with writing():
            lake = Lake(places.lake)
            name, files, spelled = current_id(places), lake.files(), lake.properties()
            before = None if name is None else read_manifest(places.snapshot(name))
            home, still = live.still()
        if before is None:
            return False
        same = still.snapshot.seq == before.seq and still.persons.change == before.links
        nothing = how is None and same and live.stuck is None
        if home != before.folder or nothing:
            return False
        if how == "build" or live.stuck is not None:
            persons = still.persons
            made = build(
                places, files, before=before, settings=settings, persons=persons, builder=builder
            )
        else:
            asked = asked_names(places, before)
            made = merge(still, folder, asked=asked, spelled=spelled)
        sync_tree(folder)
        with writing() as number:
            return swap(places, made, home=before.folder, number=number)


@contextmanager
def compacting(places: Places) -> Iterator[Path]:
    """Be the one who compacts, in a folder of which nothing stays.

    Raises
    ------
    StoreTrouble
        ``WORKSPACE_BUSY`` while another one does, ``DISK_FULL``.
    """
    lock = WriterLock(places.compact_lock)
    lock.take()
    try:
        with disk_trouble(places.root):
            shutil.rmtree(places.compacting, ignore_errors=True)
            places.compacting.mkdir()
            yield places.compacting
    finally:
        shutil.rmtree(places.compacting, ignore_errors=True)
        lock.give_back()


def sweep(places: Places) -> None:
    """Remove what a compaction that was cut short left."""
    lock = WriterLock(places.compact_lock)
    if places.compacting.exists() and lock.take_within(0):
        shutil.rmtree(places.compacting, ignore_errors=True)
        lock.give_back()


def merge(
    still: Still,
    folder: Path,
    *,
    asked: Sequence[str] = (),
    spelled: Mapping[str, str] = MappingProxyType({}),
) -> Manifest:
    """Write the shards of a snapshot with its tail in them; the manifest is returned and not yet written.

    Parameters
    ----------
    still
        The snapshot, and what it is made of.
    folder
        Where a compaction may write.
    asked
        Properties that were asked for and go on being columns.
    spelled
        Lake column of each property.
    """
    snapshot = still.snapshot
    target = folder / _SNAPSHOT
    target.mkdir()
    infos = dict(snapshot.columns)
    carried = _carried(snapshot, asked)
    columns = [
        _entry(target / f"values-{k}", name, info=info, promoted=name in infos)
        for k, (name, info) in enumerate([*infos.items(), *carried.items()])
    ]
    # Every shard of a snapshot has every column, so that nothing has to be filled in.
    values = {name: replace(one, fill=None) for name, one in still.values.items()}
    values.update({name: Values(info, None, _NOTHING) for name, info in carried.items()})
    spread = _spread(snapshot, values, shard_count(snapshot.events), room=Room(folder))
    entries = [
        _written(made, columns, target / f"{number:05d}.shard")
        for number, made in enumerate(spread)
    ]
    still.persons.write(target)
    return Manifest(
        id="",
        seq=snapshot.seq,
        events=snapshot.events,
        entities=snapshot.entities,
        first_us=snapshot.first_us,
        last_us=snapshot.last_us,
        names=list(snapshot.names),
        columns=columns,
        shards=entries,
        timezone=snapshot.timezone,
        currency=snapshot.currency,
        fingerprints=[],
        alone=still.alone,
        torn=sorted(still.torn),
        others={n: OtherEntry(spelled[n], kind) for n, kind in still.kinds.items() if n in spelled},
        links=still.persons.change,
    )


def _carried(snapshot: Snapshot, asked: Sequence[str]) -> dict[str, ColumnInfo]:
    """Return what the further columns hold that go on being some; the others are made again when asked for."""
    found = {}
    for name in asked:
        try:
            info = snapshot.columns.get(name) if name in snapshot.on_use else None
        except (NotSupported, StoreTrouble):
            continue
        if info is not None:
            found[name] = info
    return found


def _entry(path: Path, name: str, *, info: ColumnInfo, promoted: bool) -> ColumnEntry:
    """Write the texts of a column, where it has any, and return what a manifest says of it."""
    file = None
    if info.kind == "text":
        file = f"{path.name}.json" if promoted else f"{path.name}{WORDS}"
        if promoted:
            write_values(path.with_name(file), info.values)
        else:
            write_words(path.with_name(file), texts_of(info.values))
    return ColumnEntry(name, info.kind, file, info.kind in TRAIT_KINDS, promoted)


def _spread(
    snapshot: Snapshot, values: Mapping[str, Values], shards: int, *, room: Room
) -> Iterator[Scratch]:
    """Yield the journeys of each new shard, wherever they lie now."""
    held = snapshot.shards
    fields = Fields(tuple(shard.columns for shard in held), values, room)
    ids = [ids_in(shard) for shard in held]
    part = [shard_of(hash64(texts), shards).astype(np.int16) for texts in ids]
    for number in range(shards):
        pieces, mine, count = Pieces(room), [], 0
        for place, shard in enumerate(held):
            chosen = np.flatnonzero((part[place] == number) & snapshot.live(place))
            whose = np.arange(count, count + len(chosen))
            pieces.take(shard, chosen, whose=whose, origin=place)
            mine.append(ids[place].take(pa.array(chosen)))
            count += len(chosen)
        texts = pa.concat_arrays(mine)
        names = len(snapshot.names)
        yield pieces.laid_out(np.arange(count), texts, names=names, fields=fields)


def _written(made: Scratch, columns: Sequence[ColumnEntry], path: Path) -> ShardEntry:
    """Write journeys as a shard, a column at a time."""
    shard = made.shard
    with ShardWriter(path) as writer:
        for name in ("group_start", "offset", "time_us", "seq", "id_offset", "id_bytes", "name"):
            held = getattr(shard, name)
            narrow = name == "seq"
            writer.add(name, held.astype(seq_type(int(held.max(initial=0)))) if narrow else held)
        for k, column in enumerate(columns):
            values = gathered(made.origin, made.columns.fields, name=column.name)
            writer.add(f"c/{k}", values)
            if column.trait:
                writer.add(f"t/{k}", last_values(shard.offset, values, kind=column.kind))
        return writer.entry()


def build(
    places: Places,
    files: Sequence[LakeFile],
    *,
    before: Manifest,
    settings: tuple[str, str],
    persons: Persons,
    builder: Builder | None = None,
) -> Manifest:
    """Write shards of files of the lake, which decides anew what columns hold.

    Parameters
    ----------
    files
        All that the lake held at a moment.
    before
        The snapshot of that moment, whose codes are kept.
    settings
        Time zone and currency of the workspace.
    persons
        Whose each raw id is.
    builder
        Who does it; null for this process.
    """
    lake, held = Lake(places.lake), places.snapshot(before.folder)
    plan = plan_for(
        lake,
        files,
        columns=lake.properties(),
        shape=Shape.of(before, held, asked=asked_names(places, before)),
        snapshot_id="",
        settings=settings,
        persons=persons,
    )
    if builder is not None:
        return builder(places.lake, files, plan=plan, folder=places.compacting / _SNAPSHOT)
    return stage_snapshot(
        lake,
        files,
        plan=plan,
        folder=places.compacting / _SNAPSHOT,
        scratch=places.compacting / "rows",
        progress=lambda _share: None,
    )


def swap(places: Places, made: Manifest, *, home: str, number: int) -> bool:
    """Let new shards take the place of those of their base; the caller is the one writer.

    Parameters
    ----------
    made
        What ``merge`` or ``build`` returned.
    home
        The base that it was made of; nothing is done when there is another one by now.
    number
        Of this change.

    Returns
    -------
    Whether the new shards are the current ones.
    """
    name = current_id(places)
    tip = None if name is None else read_manifest(places.snapshot(name))
    if tip is None or tip.folder != home:
        return False
    # Numbers of events are dense, so that a file's last one says how many of its events are newer.
    behind = [file for file in tip.drained if file.last_seq > made.seq]
    manifest = replace(
        made,
        id=f"{number:08d}",
        fingerprints=tip.fingerprints,
        since=tip.since,
        drained=[replace(one, rows=min(one.rows, one.last_seq - made.seq)) for one in behind],
    )
    manifest.write(places.compacting / _SNAPSHOT)
    sync_tree(places.compacting)
    move_in(places.compacting / _SNAPSHOT, places.snapshot(manifest.id))
    write_whole(places.current, manifest.id.encode())
    clear(places)
    return True
