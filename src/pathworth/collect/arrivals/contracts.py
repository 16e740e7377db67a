"""What a request says: its events in the plain form, what of it could not be read, and which ids are one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pathworth.collect.readers import Torn


@dataclass(frozen=True)
class About:
    """What is known of a request beside its body.

    Parameters
    ----------
    received_us
        When it came, microseconds since 1970 UTC.
    agent
        The program that sent it, as it calls itself.
    refuses
        Whether it says that its person does not want to be followed (GPC, DNT).
    """

    received_us: int
    agent: str = ""
    refuses: bool = False


@dataclass(frozen=True)
class Link:
    """Somebody said that two ids are one person.

    Parameters
    ----------
    one, other
        The ids; ``one``, a cookie's or a device's, is told to be ``other``, by which the person is known from then on.
        One that is told to be several others is taken for shared, and joins nobody.
    at_us
        When it was said, microseconds since 1970 UTC.
    rule
        How it was said, in a word: ``alias``, ``identify``, ``sent together``.
    sure
        From 0 to 1.
    """

    one: str
    other: str
    at_us: int
    rule: str
    sure: float = 1.0


@dataclass(frozen=True)
class Fact:
    """Somebody said something of an account itself.

    Parameters
    ----------
    account, kind
        Its id, and what kind of group it is; empty where nobody says.
    name, value
        A trait as text; null takes it back.
    at_us
        When it was said, microseconds since 1970 UTC.
    once
        Whether it is meant only where nothing else was said.
    """

    account: str
    kind: str
    name: str
    value: str | None
    at_us: int
    once: bool = False


@dataclass(frozen=True)
class Told:
    """What a request says.

    Parameters
    ----------
    source
        Of its events.
    lines
        One JSON object in the plain form for each event (``event``, ``person``, ``time`` as milliseconds since 1970 or
        ISO 8601, ``id``, ``value``, ``cost``, ``currency``, and properties), on a line of its own.
    places
        The event's place in the request, from 1.
    torn
        What could not be read, with its place and its text.
    links
        Which ids are one.
    facts
        What is said of accounts.
    of_accounts
        Places of what says something of an account alone, and so is no event of anybody.
    """

    source: str
    lines: list[str]
    places: list[int]
    torn: list[Torn] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    of_accounts: list[int] = field(default_factory=list)


Tell = Callable[[bytes, About], Told]
"""Reads the body of a request; what is no request of its kind at all raises ``BadInput``."""
