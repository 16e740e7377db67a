"""What is said of people and accounts: rows of lists, one head, and the moments of one timeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from pathworth.journeys import AsOf
from pathworth.run.intake.links import LinkRow

ACCOUNT: Final = "account_id"
"""The property of an event that says for which account it happened."""


@dataclass(frozen=True)
class Subject:
    """Whose timeline: a person by raw id, or an account by the value of ``account_id`` on its events."""

    kind: Literal["person", "account"]
    id: str


@dataclass(frozen=True)
class ListedPerson:
    """A person in a list; money in units of the currency, ``step`` the map's last one that they were in."""

    id: str
    account: str | None
    events: int
    first: str
    last: str
    money: float
    step: str | None
    traits: dict[str, str]


@dataclass(frozen=True)
class Listed:
    """One page of a list of people; ``count`` is all of it, ``next`` where the next page begins."""

    count: int
    people: tuple[ListedPerson, ...]
    next: int | None
    traits: tuple[str, ...]
    as_of: AsOf


@dataclass(frozen=True)
class AccountRow:
    """An account that was found, and how many people have events for it."""

    id: str
    people: int


@dataclass(frozen=True)
class TraitRow:
    """A value of a trait that was found, and how many people have it now."""

    trait: str
    value: str
    people: int


@dataclass(frozen=True)
class Search:
    """What was found: people by id, accounts, values of traits; ``more`` when not all of it is here."""

    asked: str
    people: tuple[ListedPerson, ...]
    accounts: tuple[AccountRow, ...]
    traits: tuple[TraitRow, ...]
    more: bool
    as_of: AsOf


@dataclass(frozen=True)
class Standing:
    """The step that somebody is in: since when, and for how many seconds by the end of the data."""

    step: str
    name: str
    since: str
    seconds: float


@dataclass(frozen=True)
class MonthRow:
    """A month of the workspace's calendar, as ``2026-03``, and how many moments fall into it."""

    month: str
    moments: int


@dataclass(frozen=True)
class KindRow:
    """A kind of moment to filter by: ``event`` by its name, all decisions, all that waits."""

    kind: str
    name: str
    moments: int


@dataclass(frozen=True)
class IdRow:
    """One of the raw ids of a person, with the links that were said of it as the first of two."""

    id: str
    links: tuple[LinkRow, ...]


@dataclass(frozen=True)
class FactRow:
    """A trait of an account itself: of what kind of group, its name and value, since when, and who said so."""

    kind: str
    name: str
    value: str
    said: str
    source: str


@dataclass(frozen=True)
class Head:
    """Who it is, and where they stand.

    Parameters
    ----------
    people
        The people of an account, the latest active first, at most 50; of a person, that person.
    count
        How many people there are.
    events, first, last, money
        Of all events; money in units of the currency.
    standing
        The step of the map that they are in; null when they were in none.
    visits
        How many visits the events make, by the map's session gap.
    waiting
        How many events arrived and are not in the numbers yet.
    months, kinds
        Where the timeline can be jumped to, and filtered by.
    ids
        The raw ids of a person who has several, the one that stands for all of them first by its bytes.
    facts
        What was said of an account itself, the last word of each; none of a person, whose traits are in their row.
    """

    subject: Subject
    people: tuple[ListedPerson, ...]
    count: int
    events: int
    first: str | None
    last: str | None
    money: float
    standing: Standing | None
    visits: int
    waiting: int
    decisions: int
    months: tuple[MonthRow, ...]
    kinds: tuple[KindRow, ...]
    ids: tuple[IdRow, ...]
    facts: tuple[FactRow, ...]
    as_of: AsOf


@dataclass(frozen=True)
class Decided:
    """What was decided, sent or not, with every reason: codes, and the same in words."""

    id: int
    program: str
    action: str
    state: str
    arm: str
    channel: str | None
    reasons: tuple[str, ...]
    words: tuple[str, ...]
    answer: str | None


@dataclass(frozen=True)
class Moment:
    """Something that happened to somebody.

    Parameters
    ----------
    key
        Its place in the timeline, to go on from.
    kind
        ``event``; ``waiting`` for one that arrived and is not in the numbers yet; ``decision``.
    person
        Whose it is.
    name
        The event's name, or the program's.
    step
        The map's step that the event belongs to; null for none.
    visit
        Moments of one visit have the same number; null beside visits.
    source
        Where the event came from.
    value, cost
        In units of the currency; null where none moved.
    decision
        What was decided; null for events.
    """

    key: str
    kind: Literal["event", "waiting", "decision"]
    time: str
    person: str
    name: str
    step: str | None
    visit: int | None
    source: str | None
    value: float | None
    cost: float | None
    properties: dict[str, str]
    decision: Decided | None


@dataclass(frozen=True)
class Moments:
    """A part of a timeline, the newest first; the keys say where older and newer ones begin, null for none."""

    total: int
    moments: tuple[Moment, ...]
    older: str | None
    newer: str | None
    as_of: AsOf
