"""The declared entities of a workspace: what they cost, their shard sets, and which of those may be asked."""

from __future__ import annotations

import logging
import re
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from pathworth.base.errors import (
    NotSupported,
    Refused,
    StoreTrouble,
    UnknownName,
    WrongUsage,
)
from pathworth.store.commits import Places, home_id
from pathworth.store.contracts import Snapshot
from pathworth.store.entities.building import (
    Ground,
    Tell,
    make_set,
    set_id,
)
from pathworth.store.entities.contracts import Declared, EntityCost, EntityStanding
from pathworth.store.entities.cost import cost_of
from pathworth.store.entities.facts import facts_of
from pathworth.store.entities.shelf import LOCK, Seen, Shelf
from pathworth.store.erasing.masking import masked
from pathworth.store.files import alone, disk_trouble
from pathworth.store.records.data.entities import (
    declare_entity,
    declared_entities,
    declared_entity,
    forget_entity,
)
from pathworth.store.records.data.segments import SegmentsNow
from pathworth.store.records.database import Database
from pathworth.store.shards.on_use import MOVED, asked_names
from pathworth.store.shards.snapshots import open_snapshot, read_manifest

PERSON_WORDS = ("person", "people", "session")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TRIES = 5
_log = logging.getLogger("pathworth.entities")
T = TypeVar("T")


class EntitySets:
    """The declared entities of one workspace.

    Parameters
    ----------
    places, database
        Where it lies.
    seen
        Its people.
    """

    def __init__(self, places: Places, database: Database, seen: Seen) -> None:
        self._places, self._database, self._seen = places, database, seen
        self._shelf = Shelf(places, database, seen)

    def declared(self) -> tuple[Declared, ...]:
        """Return what is declared, by name."""
        return declared_entities(self._database)

    def cost(self, name: str, by: str) -> EntityCost:
        """Return what the set of an entity would take.

        Raises
        ------
        WrongUsage
            ``BAD_ENTITY_NAME``.
        UnknownName
            ``UNKNOWN_COLUMN`` when no event holds the property.
        """
        declared = self._checked(name, by)
        return self._again(lambda: self._cost(declared))

    def add(
        self, name: str, by: str, *, author: str = "", tell: Tell | None = None
    ) -> EntityStanding:
        """Build the set of an entity and declare it: from then on it is built anew with everybody's shards.

        One that is declared is built anew where it is behind.

        Parameters
        ----------
        name
            What questions call it: ``account``.
        by
            The property whose values are its ids.
        author
            Who says so.
        tell
            Told in words what is being done, and the share of it that is done.

        Raises
        ------
        Refused
            ``ENTITY_EXISTS`` when it is declared by another property.
        WrongUsage, UnknownName
            As ``cost``.
        StoreTrouble
            ``DISK_FULL``; nothing was declared.
        """
        declared, known = self.check(name, by)
        with self._alone():
            self._fresh(declared, tell)
            if not known:
                now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
                declare_entity(self._database, replace(declared, author=author, created_at=now))
            self._shelf.sweep()
        return self.standing(name)

    def check(self, name: str, by: str) -> tuple[Declared, bool]:
        """Return what would be declared, and whether it is already; raises as ``add`` before it builds anything."""
        declared = self._checked(name, by)
        before = declared_entity(self._database, name)
        if before is not None and before.by != by:
            raise Refused(
                "ENTITY_EXISTS",
                f"{name} is declared by {before.by}.",
                f"Take it away first: pathworth entity remove {name}",
            )
        return declared, before is not None

    def remove(self, name: str) -> None:
        """Take a declaration back, and its set; raises ``UNKNOWN_ENTITY``."""
        forget_entity(self._database, name)
        with self._alone():
            self._shelf.sweep()

    def renew(self, tell: Tell | None = None) -> tuple[str, ...]:
        """Build every set that is behind its people, and return the names of what was built.

        One that cannot be built stays as it is, which ``standing`` says.
        """
        built = []
        for one in self.declared():
            try:
                with self._alone():
                    if self._fresh(one, tell):
                        built.append(one.name)
                    self._shelf.sweep()
            except Exception:  # noqa: BLE001 - whatever called for it is true, and must not seem to have failed
                _log.exception("The journeys of %s could not be built anew.", one.name)
        return tuple(built)

    def lacking(self) -> tuple[str, ...]:
        """Return the names of the sets that the newest shards of people would make and that are not there."""
        declared = self.declared()
        home = home_id(self._places) if declared else None
        if home is None:
            return ()
        rules = self._shelf.rules
        names = [(one, set_id(one, home=home, rules=rules)) for one in declared]
        return tuple(name for one, name in names if not self._shelf.has(one, name))

    def standing(self, name: str) -> EntityStanding:
        """Return a declared entity as it stands; raises ``UNKNOWN_ENTITY``."""
        known = {one.name: one for one in self.declared()}
        if name not in known:
            raise UnknownName.near("entity", name, known)
        declared = known[name]
        held = self._shelf.newest(declared)
        valid = self._shelf.valid(declared)
        if valid is None:
            return EntityStanding(declared, held, f"They {self._shelf.why_not(held)}", 0)
        events = self._seen.everybody().events
        return EntityStanding(declared, valid, None, max(events - valid.all_events, 0))

    def snapshot(self, name: str) -> Snapshot:
        """Return the journeys of a declared entity, as of the last event that its set holds.

        Raises
        ------
        NotSupported
            ``ENTITY_NOT_BUILT``, ``ENTITY_STALE``.
        UnknownName
            ``UNKNOWN_ENTITY``.
        """
        declared = declared_entity(self._database, name)
        if declared is None:
            raise UnknownName.near("entity", name, [one.name for one in self.declared()])
        if self._shelf.since is None:
            return self._seen.everybody()
        for _ in range(_TRIES):
            valid = self._shelf.valid(declared)
            if valid is None:
                break
            try:
                return self._shelf.open(declared, valid)
            except FileNotFoundError:
                # A newer one took its place in this moment.
                continue
        held = self._shelf.newest(declared)
        code = "ENTITY_NOT_BUILT" if held is None else "ENTITY_STALE"
        why = f"Journeys of {name} {self._shelf.why_not(held)}"
        raise NotSupported(code, why, f"Build them: {command_of(name, declared.by)}")

    def _checked(self, name: str, by: str) -> Declared:
        if not _NAME.fullmatch(name) or name in PERSON_WORDS:
            raise WrongUsage(
                "BAD_ENTITY_NAME",
                f"{name!r} cannot be the name of an entity.",
                "Write small letters, digits and _, as in account; person and session are taken.",
            )
        held = self._seen.everybody()
        known = sorted({*held.columns, *held.on_use} - {"value", "cost", "source", "currency"})
        if by not in known:
            raise UnknownName.near("column", by, known)
        return Declared(name, by, "", "")

    def _cost(self, declared: Declared) -> EntityCost:
        ground = self._ground()
        return cost_of(ground.people, declared, folder=self._places.snapshot(ground.manifest.id))

    def _ground(self) -> Ground:
        """Return the shards of people as they are now."""
        home = home_id(self._places)
        if home is None:
            raise StoreTrouble(MOVED, "The events were taken back in this moment.", "Ask again.")
        folder = self._places.snapshot(home)
        manifest = read_manifest(folder)
        held = masked(open_snapshot(folder, self._seen.maker), self._database)
        people = self._seen.hide(SegmentsNow(self._database).on(held))
        return Ground(manifest, people, asked_names(self._places, manifest))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Be the only one who builds sets or takes some away."""
        root = self._places.root
        with disk_trouble(root), alone(root / LOCK):
            yield

    def _fresh(self, declared: Declared, tell: Tell | None) -> bool:
        """Have the set of the newest shards of people; return whether it had to be built."""
        told = tell or (lambda _what, _share: None)
        return self._again(lambda: self._built(declared, told))

    def _built(self, declared: Declared, tell: Tell) -> bool:
        if home_id(self._places) is None:
            return False
        ground = self._ground()
        name = set_id(declared, home=ground.manifest.id, rules=ground.rules)
        if self._shelf.has(declared, name):
            return False
        known = replace(ground, facts=facts_of(self._database, declared))
        make_set(self._places, declared, ground=known, tell=tell)
        return True

    def _again(self, work: Callable[[], T]) -> T:
        """Do what reads the shards of people, anew when others took their place meanwhile."""
        for _ in range(_TRIES):
            home = home_id(self._places)
            try:
                return work()
            except (FileNotFoundError, StoreTrouble) as trouble:
                moved = isinstance(trouble, FileNotFoundError) or trouble.code == MOVED
                if not moved or home == home_id(self._places):
                    raise
        raise StoreTrouble(
            MOVED,
            "The data kept changing while the journeys were built.",
            "Ask again when nothing is being imported.",
        )


def command_of(name: str, by: str) -> str:
    """Return the command that builds an entity's journeys."""
    return f"pathworth entity add {name} --by {shlex.quote(by)}"
