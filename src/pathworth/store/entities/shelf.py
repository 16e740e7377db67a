"""The shard sets that lie on the disk: which of them still say what is true, and what may go."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pathworth.store.commits import Places, current_id, drop_empty
from pathworth.store.contracts import Snapshot
from pathworth.store.entities.building import SET, Tell, read_set, rules_of, scratch_of
from pathworth.store.entities.columns import EntityColumns
from pathworth.store.entities.contracts import Declared, EntitySet
from pathworth.store.files import WriterLock
from pathworth.store.records.data.entities import declared_entities
from pathworth.store.records.data.segments import SegmentsNow
from pathworth.store.records.database import Database
from pathworth.store.shards.further import Maker
from pathworth.store.shards.snapshots import Manifest, open_snapshot, read_manifest

LOCK = "entities.lock"


@dataclass(frozen=True)
class Seen:
    """How the people of a workspace are seen.

    Parameters
    ----------
    people, everybody
        Return their newest snapshot as answers see it, and with nobody hidden.
    hide
        Leaves out of a snapshot of them whom no answer counts.
    maker
        Returns what makes columns of their shards.
    tell
        Told in words how far a column is that is made when it is asked for.
    """

    people: Callable[[], Snapshot]
    everybody: Callable[[], Snapshot]
    hide: Callable[[Snapshot], Snapshot]
    maker: Callable[[Manifest], Maker]
    tell: Tell


class Shelf:
    """The sets of one workspace.

    A set may be asked for as long as every event in it still counts: no undo took one back since, and the rules by
    which people are left out are the same. Events that came in since are not in it, as its ``seq`` says.

    Parameters
    ----------
    places, database
        Where it lies.
    seen
        Its people.
    """

    def __init__(self, places: Places, database: Database, seen: Seen) -> None:
        self._places, self._database, self._seen = places, database, seen
        self._lock = threading.Lock()
        self._opened: dict[str, tuple[str, Snapshot, SegmentsNow]] = {}
        self._tip: Manifest | None = None

    @property
    def since(self) -> str | None:
        """Return the snapshot of people since which events only came in; null while there is none."""
        tip = self._tip
        while (name := current_id(self._places)) is not None:
            if tip is not None and tip.id == name:
                return tip.since
            with suppress(FileNotFoundError):
                tip = self._tip = read_manifest(self._places.snapshot(name))
        return None

    @property
    def rules(self) -> str:
        """Return what tells apart by which rules people are left out now."""
        return rules_of(self._seen.people())

    def has(self, declared: Declared, name: str) -> bool:
        """Return whether a set of that name lies there, whole."""
        return read_set(self._places.entity(declared.name) / name) is not None

    def newest(self, declared: Declared) -> EntitySet | None:
        """Return the newest set of an entity, whether it may be asked or not; null when none lies there."""
        return max(self._sets(declared), key=lambda one: one.home, default=None)

    def valid(self, declared: Declared) -> EntitySet | None:
        """Return the newest set of an entity that may be asked; null when there is none."""
        since, rules = self.since, self.rules
        held = [s for s in self._sets(declared) if (s.since, s.rules) == (since, rules)]
        return max(held, key=lambda one: one.home, default=None)

    def why_not(self, held: EntitySet | None) -> str:
        """Return in words that follow "they" why the journeys of an entity may not be asked."""
        if held is None:
            return "are not built."
        if held.since != self.since:
            return "hold events that an undo took back since."
        return "were built when other people were left out of every answer than now."

    def open(self, declared: Declared, valid: EntitySet) -> Snapshot:
        """Return a set as a snapshot; the same object for as long as it is the same.

        Raises
        ------
        FileNotFoundError
            When a newer one took its place in this moment.
        """
        with self._lock:
            found = self._opened.get(declared.name)
            if found is None or found[0] != valid.id:
                made = self._open(self._places.entity(declared.name) / valid.id, valid)
                found = (valid.id, made, SegmentsNow(self._database))
                self._opened[declared.name] = found
        return found[2].on(found[1])

    def sweep(self) -> None:
        """Remove sets of what is not declared, and all but the newest that may be asked."""
        every = self._places.entity("")
        declared = {one.name: one for one in declared_entities(self._database)}
        for folder in sorted(every.iterdir()) if every.exists() else ():
            known = declared.get(folder.name)
            valid = None if known is None else self.valid(known)
            for place in sorted(folder.iterdir()):
                if known is None or (valid is not None and place.name != valid.id):
                    # What says that it is whole goes first.
                    (place / SET).unlink(missing_ok=True)
                    shutil.rmtree(place, ignore_errors=True)
            drop_empty(folder)
        drop_empty(every)

    def _sets(self, declared: Declared) -> Iterator[EntitySet]:
        """Yield the sets of an entity that lie on the disk."""
        folder = self._places.entity(declared.name)
        for place in sorted(folder.iterdir()) if folder.exists() else ():
            held = read_set(place)
            if held is not None and held.by == declared.by:
                yield held

    def _open(self, folder: Path, valid: EntitySet) -> Snapshot:
        def maker(manifest: Manifest) -> Maker:
            tell = self._seen.tell
            return EntityColumns(self._places, manifest, tell, folder=folder, since=valid.since)

        return replace(open_snapshot(folder, maker), excluded=valid.excluded)


def sweep_scratch(places: Places) -> None:
    """Remove what the building of a set that was cut short left."""
    lock = WriterLock(places.root / LOCK)
    if scratch_of(places).exists() and lock.take_within(0):
        shutil.rmtree(scratch_of(places), ignore_errors=True)
        drop_empty(scratch_of(places).parent)
        lock.give_back()
