"""What is said of an erasure: which places held what of a person, what was searched afterwards, what remains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["masked", "rewritten", "searched", "done"]
"""``masked`` at once; ``rewritten`` when the files hold nobody any more; ``searched`` when those were read again;
``done`` when the database was written anew, too."""


@dataclass(frozen=True)
class Place:
    """A place that held something of a person.

    Parameters
    ----------
    place, what
        Where, and what became of it, in words.
    rows
        How many rows, files or cells.
    at
        When it went, ISO 8601 in UTC.
    """

    place: str
    what: str
    rows: int
    at: str


@dataclass(frozen=True)
class Remains:
    """Something that may still hold the person: where, until when (null: until somebody removes it), and why."""

    place: str
    until: str | None
    why: str


@dataclass(frozen=True)
class Hit:
    """A place where an id or address of the person was found again, and how often."""

    place: str
    found: int


@dataclass(frozen=True)
class Searched:
    """What was read again from its first byte to its last, and what was found.

    Parameters
    ----------
    at
        When.
    files, bytes, tables
        Of the workspace's folder, and tables of its database.
    words
        How many ids and addresses, each in every spelling that files have for it, were looked for.
    short
        How many ids are so short that they were compared with whole ids alone, since they are part of much else.
    hits
        Where something was found; empty when nothing was.
    """

    at: str
    files: int
    bytes: int
    tables: int
    words: int
    short: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class Erasure:
    """One erasure, which is its certificate once it is done; nothing in it leads back to the person.

    Parameters
    ----------
    reference
        By which it is named: ``E-1``.
    person
        Salted digest of the person's id, in hex: whoever knows the id can tell that it is meant.
    ids
        How many raw ids that person had.
    because
        Why, as whoever asked wrote it.
    """

    reference: str
    person: str
    ids: int
    because: str
    asked_at: str
    asked_by: str
    state: State
    done_at: str | None
    places: tuple[Place, ...]
    remains: tuple[Remains, ...]
    searched: Searched | None


@dataclass(frozen=True)
class ErasingDone:
    """What a batch did: how many people are gone from every file by now, and events of the lake with them."""

    people: int
    events: int
    references: tuple[str, ...]
