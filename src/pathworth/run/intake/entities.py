"""Journeys of what is not a person: accounts, tickets or any other id, declared once and built like everybody's."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass

from pathworth import store
from pathworth.base.errors import NotSupported, PathworthError, WrongUsage
from pathworth.journeys import UNIT_HELP, cuts_people
from pathworth.run.privacy.veil import veil

Tell = Callable[[str, float], None]


@dataclass(frozen=True)
class EntityRow:
    """A declared entity as it stands.

    Parameters
    ----------
    name, by
        What questions call it, and the property whose values are its ids.
    author, declared
        Who declared it, and when.
    snapshot, seq, built
        What its answers are of: the name of its shards, the last event that they hold, and when they were written.
    entities, events, bytes
        What those hold.
    without, people_without
        Events of people who had named none by then, and people all of whose events are such.
    left_out
        Events of people whom a rule leaves out.
    behind
        Events that came in since; they count with the next import or rebuild.
    stale
        Why it may not be asked until it is built anew; null while it may.
    """

    name: str
    by: str
    author: str
    declared: str
    snapshot: str | None
    seq: int | None
    built: str | None
    entities: int | None
    events: int | None
    bytes: int | None
    without: int | None
    people_without: int | None
    left_out: int | None
    behind: int
    stale: str | None


class Entities:
    """The declared entities of a workspace: ``workspace.entities``.

    Parameters
    ----------
    held
        The store.
    """

    def __init__(self, held: store.Workspace) -> None:
        self._store = held

    def cost(self, name: str, *, by: str) -> store.EntityCost:
        """Return what the journeys of an entity would take, before they are built.

        Parameters
        ----------
        name
            What questions would call it: ``account``.
        by
            The property whose values are its ids.

        Raises
        ------
        WrongUsage
            ``BAD_ENTITY_NAME``.
        UnknownName
            ``UNKNOWN_COLUMN`` with near names.
        """
        return self._store.entities.cost(name, by)

    def add(
        self, name: str, *, by: str, author: str = "", progress: Tell | None = None
    ) -> EntityRow:
        """Build the journeys of an entity and declare it; one that is declared is built anew where it is behind.

        An event belongs to the entity that it names or, naming none, to the one that its person named last before.

        Parameters
        ----------
        name
            What questions call it: ``account``.
        by
            The property whose values are its ids.
        author
            Who says so.
        progress
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
        return _row(self._store.entities.add(name, by, author=author, tell=progress))

    def list(self) -> tuple[EntityRow, ...]:
        """Return every declared entity by name."""
        held = self._store.entities
        return tuple(_row(held.standing(one.name)) for one in held.declared())

    def remove(self, name: str) -> tuple[EntityRow, ...]:
        """Take a declaration back with what was built, and return those that are left.

        Raises
        ------
        UnknownName
            ``UNKNOWN_ENTITY`` with near names.
        """
        self._store.entities.remove(name)
        return self.list()

    def renew(self, *, progress: Tell | None = None) -> tuple[str, ...]:
        """Build what is behind its people anew, and return the names of what was built."""
        return self._store.entities.renew(progress)


def journeys_of(held: store.Workspace, of: str) -> tuple[store.Snapshot, str]:
    """Return whose journeys are asked about, and how they are cut.

    Parameters
    ----------
    of
        ``person``, a word for sessions, or the name of a declared entity.

    Raises
    ------
    NotSupported
        ``ENTITY_NOT_BUILT`` with the command that builds it, ``ENTITY_STALE``.
    WrongUsage
        ``UNKNOWN_UNIT`` with near names.
    """
    if cuts_people(of):
        return held.snapshot(), of
    known = [one.name for one in held.entities.declared()]
    if of in known:
        return veil(held, held.entities.snapshot(of)), "person"
    snapshot = held.snapshot()
    properties = {*snapshot.columns, *snapshot.on_use}
    for by in (of, f"{of}_id"):
        if by in properties:
            raise _not_built(held, of, by=by)
    near = difflib.get_close_matches(of, ["person", "session", *known], n=1)
    hint = f"Did you mean {near[0]}?" if near else UNIT_HELP
    raise WrongUsage("UNKNOWN_UNIT", f"There are no journeys of {of!r}.", hint)


def _not_built(held: store.Workspace, of: str, *, by: str) -> PathworthError:
    """Return the error for what could be built, with its cost as far as that is known at once."""
    other = held.snapshot().on_use.get(by)
    try:
        found = held.entities.cost(of, by) if other is None or other.built else None
    except WrongUsage as error:
        return error
    said = "" if found is None else f" {cost_words(found)}"
    return NotSupported(
        "ENTITY_NOT_BUILT",
        f"Journeys of {of} are not built.{said}",
        f"Build them: {store.entity_command(of, by)}",
    )


def cost_words(cost: store.EntityCost) -> str:
    """Return in a sentence what an entity would take."""
    about = "" if cost.exact else "about "
    return (
        f"There are {about}{cost.entities:,} of them with {about}{cost.events:,} events, which take about "
        f"{size_words(cost.bytes)} of the disk and {cost.seconds:,} s; {about}{cost.without:,} events belong to none."
    )


def owners(of: str) -> str:
    """Return the word for several of those whose journeys are asked about: people, accounts, companies."""
    if cuts_people(of):
        return "people"
    if re.search("[^aeiou]y$", of):
        return f"{of[:-1]}ies"
    return f"{of}es" if re.search("(s|x|ch|sh)$", of) else f"{of}s"


def size_words(size: int) -> str:
    """Return a size as people read it."""
    for unit, name in ((1 << 30, "GB"), (1 << 20, "MB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size / 1024:.0f} kB"


def _row(one: store.EntityStanding) -> EntityRow:
    declared, built = one.declared, one.built
    found = built.belonging if built else None
    return EntityRow(
        name=declared.name,
        by=declared.by,
        author=declared.author,
        declared=declared.created_at,
        snapshot=built.id if built else None,
        seq=built.seq if built else None,
        built=built.built_at if built else None,
        entities=built.entities if built else None,
        events=found.events if found else None,
        bytes=built.bytes if built else None,
        without=found.without if found else None,
        people_without=found.people_without if found else None,
        left_out=found.left_out if found else None,
        behind=one.behind,
        stale=one.stale,
    )
