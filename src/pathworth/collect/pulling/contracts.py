"""What a connector file says: where an API is, how it is asked page by page, and what reads its answers."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import msgspec

Auth = Literal["none", "bearer", "basic", "basic-name", "header", "refresh", "client"]
Answer = Literal["json", "lines", "zip", "table"]
Written = Literal["s", "ms", "iso", "date", "hour"]


class Once(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="once", tag_field="kind"):
    """One answer holds all."""


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="link", tag_field="kind"):
    """The answer holds the address of the next page, at a path into it."""

    next: str


class Cursor(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="cursor", tag_field="kind"
):
    """The answer holds a word that is given back for the next page.

    Parameters
    ----------
    take, give
        Path to the word in the answer, and the parameter in which it is given back.
    done
        Path to what is true on the last page; null where a missing word says so.
    keep
        Whether the last word is where the next pull goes on.
    """

    take: str
    give: str
    done: str | None = None
    keep: bool = False


class LastId(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="last-id", tag_field="kind"
):
    """The next page begins behind the last record.

    Parameters
    ----------
    field, give
        What the record is known by, and the parameter that takes it.
    more
        Path to what says whether there are more; null where a page with fewer than ``full`` records is the last.
    """

    field: str
    give: str
    more: str | None = None
    full: int = 0


class Offset(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="offset", tag_field="kind"
):
    """The next page begins behind so many records; one with fewer than ``full`` is the last."""

    give: str
    full: int


Paging: TypeAlias = Once | Link | Cursor | LastId | Offset


class Since(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From when on records are asked for.

    Parameters
    ----------
    give, write
        The parameter, none where nothing is said, and how it writes instants: seconds, milliseconds, ISO 8601, days,
        hours.
    field
        Path to a record's own instant, the newest of which is where the next pull goes on; null for when this began.
    until, window
        The parameter of the end, and how much is asked for at once; days and hours are named to the last one.
    again
        So much of what was pulled is asked for again, since it may have changed or come late.
    late
        What is younger is not there yet.
    newest
        Whether only the newest window can be had.
    """

    give: str
    write: Written
    field: str | None = None
    until: str | None = None
    window: str | None = None
    again: str | None = None
    late: str | None = None
    newest: bool = False


class Connector(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One list of one API, as data.

    Parameters
    ----------
    title, format
        What people call it, and the format that reads its answers.
    address, path, method
        Where; ``{name}`` is a setting.
    settings, defaults
        What a person has to say, each with what it is; and what is taken where nothing is said.
    auth, header, token
        How the secret is shown; the name of its header; where ``refresh`` and ``client`` get a token for it.
    secret
        What the secret is, for a person.
    headers, query, body
        What is sent along always; texts may hold settings.
    answer, records, names
        What comes, ``table`` for rows of a database whose address is the secret; the path to the list of records; and
        names for the items of a list in each (``keys: [date, query]``).
    paging, since
        How there is more, and from when on.
    empty
        Statuses that say that there is nothing.
    dated
        Whether answers do not say their day, so that it is that of the window.
    every
        How often, unless a person says otherwise.
    notes
        What a person should know.
    """

    title: str
    format: str
    address: str = ""
    path: str = ""
    method: Literal["GET", "POST"] = "GET"
    settings: dict[str, str] = msgspec.field(default_factory=dict)
    defaults: dict[str, str] = msgspec.field(default_factory=dict)
    auth: Auth = "bearer"
    header: str = "Authorization"
    token: str = ""
    secret: str = ""
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    query: dict[str, str] = msgspec.field(default_factory=dict)
    body: dict[str, Any] = msgspec.field(default_factory=dict)
    answer: Answer = "json"
    records: str = ""
    names: dict[str, list[str]] = msgspec.field(default_factory=dict)
    paging: Paging = msgspec.field(default_factory=Once)
    since: Since | None = None
    empty: tuple[int, ...] = ()
    dated: bool = False
    every: str = "1h"
    notes: tuple[str, ...] = ()
    name: str = ""
