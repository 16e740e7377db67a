"""What a format file says: how its files are known, how they become flat rows, and which events a row tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from pathworth.collect.readers import Shape

Kind = Literal["csv", "jsonl", "json", "parquet", "zip", "sqlite", "xml"]
Words = tuple[str, ...]
DECIMALS = {
    0: "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF",
    3: "BHD JOD KWD OMR TND",
}
"""Currencies whose smallest unit is no hundredth, as payment services count them; the others are hundredths."""


class Sign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to know files of a format.

    Parameters
    ----------
    has
        Columns that are all there; ``a|b`` is one of several names, ``*`` stands for any text.
    lacks
        Columns none of which is there.
    values
        What the first filled row of a column holds, any of these texts.
    file
        Glob that the file's name fits.
    members
        Globs, each of which something inside fits: a file of an archive, a list of a JSON document, a table of
        a database, the outermost element of XML.
    """

    has: Words = ()
    lacks: Words = ()
    values: dict[str, Words] = msgspec.field(default_factory=dict)
    file: str = "*"
    members: Words = ()


class Pairs(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="pairs", tag_field="do"):
    """Lists of keys and values become columns ``column.key``; of ``values`` the first that holds something.

    ``key`` and ``values`` are paths into an element of the list, such as ``value.string_value``.
    """

    column: str
    values: Words
    key: str = "key"


class Each(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="each", tag_field="do"):
    """Behind every row one for each object of a list, its fields as ``column.field``; ``@of`` names the list there."""

    column: str


class Pick(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="pick", tag_field="do"):
    """Columns of their own, by name, from JSON paths into one column; of several paths the first that leads."""

    column: str
    take: dict[str, str]


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="text", tag_field="do"):
    """JSON objects that stand as text in a column become columns ``column.key``."""

    column: str


class Minor(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="minor", tag_field="do"):
    """Amounts in the smallest unit of their currency become amounts."""

    columns: Words
    currency: str


Step: TypeAlias = Pairs | Each | Pick | Text | Minor


class Telling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One event that a row may tell.

    Parameters
    ----------
    name
        Its name; ``{column}`` stands for what that column holds, ``*`` for what ``*`` in ``time`` stood for.
    time
        Column with when; ``a|b`` takes the first that holds something; with ``*`` every column of such a name
        is an event of its own.
    when, unless
        Texts of which a column must, or must not, hold one; an empty list means anything at all.
    until
        Column with a time behind which it cannot have happened, though a time for it was foreseen.
    of
        The list whose objects tell it; null for the rows themselves.
    value, cost, currency
        As in a mapping; ``-column`` is money given back.
    keep
        Columns known by then, beside those that every event keeps.
    """

    name: str
    time: str
    when: dict[str, Words] = msgspec.field(default_factory=dict)
    unless: dict[str, Words] = msgspec.field(default_factory=dict)
    until: str | None = None
    of: str | None = None
    value: str | None = None
    cost: str | None = None
    currency: str | None = None
    keep: Words = ()


class Sees(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A declared blind spot: the least and the greatest share of true events that a source shows, and why."""

    least: float
    most: float
    because: str

    def __post_init__(self) -> None:
        """Refuse what is no range of shares."""
        if not 0 <= self.least <= self.most <= 1 or not self.because.strip():
            raise ValueError("`sees` takes two shares from 0 to 1, the smaller first, and why")


class Measure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number of a day.

    Parameters
    ----------
    name
        What it counts; ``{column}`` stands for what that column holds.
    column
        Where it stands; ``a|b`` takes the first that holds something.
    currency
        Of money: a code, a column with codes, or ``*`` for what ``*`` in ``column`` stood for; null for other numbers.
    adds
        Whether numbers of several days add up; false for shares, means and ranks.
    """

    name: str
    column: str
    currency: str | None = None
    adds: bool = True


class Daily(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What rows say that tell no person: numbers by the day.

    Parameters
    ----------
    measures, dimensions
        The numbers, and by what they are broken down: names and columns.
    day, week
        Column with the day, or with the first day of seven or an ISO week such as ``2026-W05``; the file's name or a
        person says it where neither is there.
    last
        Column with the last day that the numbers are of; they are of one day, or week, without.
    of
        The list whose objects say them; null for the rows themselves.
    period
        Whether files of an archive that name no day are of all the days that its other files name.
    """

    measures: tuple[Measure, ...]
    dimensions: dict[str, str] = msgspec.field(default_factory=dict)
    day: str | None = None
    week: str | None = None
    last: str | None = None
    of: str | None = None
    period: bool = False


class Format(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An export of a tool, as data.

    Parameters
    ----------
    title, source
        What people call it, and the source of its events.
    kinds
        Kinds of file in which it comes.
    signs
        Ways to know it.
    lists
        Keys of a JSON document under which its records lie.
    read
        Code that makes rows of the file, where no plain reader can.
    heads
        Rows of a CSV file that hold its header.
    members
        Globs of the files inside an archive that are read.
    steps
        What makes its rows flat, one after the other.
    entity, id, anonymous
        As in a mapping; a list of columns as ``id`` is hashed together with the event's name.
    events
        What a row tells.
    daily
        What a row says where it tells no event; null for events.
    above
        Whether lines with no columns may stand above a CSV file's header.
    time_format, timezone
        As in a mapping; guessed, and the workspace's, where null.
    keep
        Columns that become properties; null for all.
    drop
        Columns that do not.
    also
        Columns that stay properties though they say whose or which event it is.
    rename
        Other names for properties.
    sees
        What it does not show.
    notes
        What a person who imports it should know.
    """

    title: str
    source: str
    kinds: tuple[Kind, ...]
    signs: tuple[Sign, ...]
    entity: str = ""
    events: tuple[Telling, ...] = ()
    daily: Daily | None = None
    above: bool = False
    id: str | Words | None = None
    anonymous: str | None = None
    lists: Words = ()
    read: Literal["", "ocel", "xes"] = ""
    heads: int = 1
    members: Words = ()
    steps: tuple[Step, ...] = ()
    time_format: str | None = None
    timezone: str | None = None
    keep: Words | None = None
    drop: Words = ()
    also: Words = ()
    rename: dict[str, str] = msgspec.field(default_factory=dict)
    sees: Sees | None = None
    notes: Words = ()
    name: str = ""

    def event_names(self) -> Words:
        """Return the names of its events or measures; ``{column}`` stands for what a column holds."""
        if self.daily is not None:
            return tuple(measure.name for measure in self.daily.measures)
        return tuple(dict.fromkeys(event.name for event in self.events))

    def told(self) -> dict[str, object]:
        """Return what a person is told who asks which formats there are."""
        sees = None if self.sees is None else msgspec.structs.asdict(self.sees)
        said = {name: getattr(self, name) for name in ("title", "source", "kinds", "notes")}
        told = "events" if self.daily is None else "daily"
        return {**said, told: self.event_names(), "sees": sees}


@dataclass(frozen=True)
class Look:
    """What a first look at a file shows.

    Parameters
    ----------
    path, kind, shape
        The file, what it is, and how it is read.
    tables
        Columns, each with its first filled value, of the records themselves (under ``""``) and of lists of
        records by their key.
    members
        Names of the files inside an archive, the lists of a document, the tables of a database.
    """

    path: Path
    kind: Kind
    shape: Shape
    tables: Mapping[str, Mapping[str, str | None]]
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """A file whose format is known: by which of its signs, and whether no other format fits as well."""

    format: Format
    shape: Shape
    because: str
    sure: bool = True
