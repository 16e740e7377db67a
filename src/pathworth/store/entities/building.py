"""Makes the shard set of an entity, by the builder of everybody's shards, and commits it by a rename."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec

from pathworth.base.threads import in_order, processors
from pathworth.store.accept import plan_for, stage_snapshot
from pathworth.store.commits import Places, drop_empty
from pathworth.store.contracts import Snapshot
from pathworth.store.entities.contracts import Belonging, Declared, EntitySet
from pathworth.store.entities.facts import Fact, write_facts
from pathworth.store.entities.members import Members
from pathworth.store.erasing.masking import erased_in
from pathworth.store.files import move_in, sync_tree
from pathworth.store.lake import Lake, LakeFile
from pathworth.store.shards.build import shard_count
from pathworth.store.shards.lake_rows import parts_of, read_part
from pathworth.store.shards.on_use import files_holding, files_now
from pathworth.store.shards.shape import Shape
from pathworth.store.shards.snapshots import Manifest

SET = "set.json"
Tell = Callable[[str, float], None]
_WHO, _BUILD = 0.3, 0.7


@dataclass(frozen=True)
class Ground:
    """What a set is made of: the shards of people at a moment, as answers see them.

    Parameters
    ----------
    manifest
        Of the snapshot whose folder holds them.
    people
        The snapshot, with whoever is left out.
    asked
        Properties that were asked for once, and go on being columns.
    facts
        What is known of the accounts themselves.
    """

    manifest: Manifest
    people: Snapshot
    asked: Sequence[str] = ()
    facts: Sequence[Fact] = ()

    @property
    def rules(self) -> str:
        """Return what tells apart by which rules people are left out."""
        return rules_of(self.people)


def rules_of(people: Snapshot) -> str:
    """Return what tells whom a snapshot leaves out: by which rules, and who is being erased."""
    hidden = people.hidden.key if people.hidden else ""
    erased = erased_in(people)
    return f"{hidden}.e{erased}" if erased else hidden


def set_id(declared: Declared, *, home: str, rules: str) -> str:
    """Return the name of the set that shards of people, by their name, and rules make of an entity."""
    told = hashlib.sha256(repr((declared.by, rules)).encode()).hexdigest()[:8]
    return f"{declared.name}-{home}-{told}"


def make_set(places: Places, declared: Declared, *, ground: Ground, tell: Tell) -> EntitySet:
    """Build the set of an entity beside what readers see, and move it in; the caller is the only one who builds.

    Parameters
    ----------
    ground
        The people whose events they are.
    tell
        Told in words what is being done, and the share of it that is done.

    Raises
    ------
    StoreTrouble
        ``SNAPSHOT_MOVED`` when an import, an undo or a compaction came in between.
    NotSupported
        ``COLUMN_TOO_LARGE`` when there are more entities than memory is allowed for their ids.
    """
    with _scratch(places) as scratch:
        made = _Making(places, declared, ground=ground, tell=tell).stage(scratch)
        sync_tree(scratch / "ready")
        move_in(scratch / "ready", places.entity(declared.name) / made.id)
    return made


def scratch_of(places: Places) -> Path:
    """Return the folder of a set that is being built."""
    return places.root / "scratch" / "entity"


def read_set(folder: Path) -> EntitySet | None:
    """Return what a set says of itself; null where none lies."""
    try:
        return msgspec.json.decode((folder / SET).read_bytes(), type=EntitySet)
    except FileNotFoundError:
        return None


@contextmanager
def _scratch(places: Places) -> Iterator[Path]:
    folder = scratch_of(places)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        drop_empty(folder.parent)


class _Making:
    """Makes one set."""

    def __init__(self, places: Places, declared: Declared, *, ground: Ground, tell: Tell) -> None:
        self.places, self.declared, self.ground = places, declared, ground
        self.lake = Lake(places.lake)
        self.id = set_id(declared, home=ground.manifest.id, rules=ground.rules)
        self._told_to = tell

    def stage(self, scratch: Path) -> EntitySet:
        """Write the set into ``ready`` of a folder."""
        home = self.ground.manifest
        files = files_now(self.places, lambda tip: tip.folder == home.id)
        members = Members(scratch / "whose", home.seq)
        found = self._settle(members, files)
        ready = scratch / "ready"
        made = self._build(files, found, members=members, scratch=scratch)
        # It says what is known up to the last event of all, whoever had that one.
        made = replace(made, seq=home.seq, first_us=home.first_us, last_us=home.last_us)
        made.write(ready)
        if self.ground.facts:
            made = write_facts(ready, made, facts=self.ground.facts, declared=self.declared)
            made.write(ready)
        size = sum(f.stat().st_size for f in ready.rglob("*") if f.is_file())
        told = self._told(made, found, size=size)
        (ready / SET).write_bytes(msgspec.json.encode(told))
        return told

    def _settle(self, members: Members, files: Sequence[LakeFile]) -> Belonging:
        """Find out whose every event is."""
        # A property that only came in since the shards were written may be no column of the lake yet.
        column = self.lake.properties().get(self.declared.by, "")
        held = files_holding(self.lake, files, column=column)
        total, done = max(sum(file.rows for file in held), 1), 0
        read = partial(read_part, columns=["seq", column], texts=[column])
        parts = in_order(read, parts_of(self.lake.folder, held), threads=processors(total))
        for part in parts:
            members.take(part, column)
            done += len(part)
            self._tell(_WHO * 0.6 * done / total)
        found, people = Belonging(), self.ground.people
        for place, shard in enumerate(people.shards):
            found += members.settle(shard, people.left_out(place))
            self._tell(_WHO * (0.6 + 0.4 * (place + 1) / len(people.shards)))
        return found

    def _build(
        self, files: Sequence[LakeFile], found: Belonging, *, members: Members, scratch: Path
    ) -> Manifest:
        home = self.ground.manifest
        shape = Shape.of(home, self.places.snapshot(home.id), asked=self.ground.asked)
        plan = plan_for(
            self.lake,
            files,
            columns=self.lake.properties(),
            shape=shape,
            snapshot_id=self.id,
            settings=(home.timezone, home.currency),
        )
        return stage_snapshot(
            self.lake,
            files,
            plan=replace(plan, rows=found.events, shards=shard_count(found.events)),
            folder=scratch / "ready",
            scratch=scratch / "rows",
            progress=lambda share: self._tell(_WHO + _BUILD * share),
            change=members.rows_of,
        )

    def _tell(self, share: float) -> None:
        self._told_to(f"building {self.declared.name}", share)

    def _told(self, made: Manifest, found: Belonging, *, size: int) -> EntitySet:
        home, people = self.ground.manifest, self.ground.people
        excluded = dict(people.excluded)
        if found.people_without:
            excluded[f"without {self.declared.by}"] = found.people_without
        return EntitySet(
            id=self.id,
            by=self.declared.by,
            home=home.id,
            since=home.since,
            rules=self.ground.rules,
            seq=home.seq,
            all_events=home.events,
            entities=made.entities,
            belonging=found,
            bytes=size,
            built_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            excluded=excluded,
        )
