"""Which raw ids are one person: links said by hand or from a file, taken back, and listed with what looks wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pathworth import collect, store
from pathworth.base.errors import BadInput, UnknownName
from pathworth.base.instants import to_iso
from pathworth.run.workspace import Workspace
from pathworth.store import Suspect

State = Literal["applied", "possible", "suspect", "taken back"]


@dataclass(frozen=True)
class LinkRow:
    """A link: what was said, by whom, and what it does.

    Parameters
    ----------
    one, other
        Raw ids; ``one`` was told to be ``other``.
    state
        ``applied``: the two are one person; ``possible``: it is not sure enough to join them; ``suspect``: one of the
        two is shared, or of a crowd, and nothing is joined; ``taken back``.
    time, said
        When it was so, and when it was written; ISO 8601.
    sure
        From 0 to 1.
    said_by
        Who said it: a person, or null where events did, in ``source``.
    taken, taken_by
        When it was taken back, and by whom; null while it stands.
    """

    one: str
    other: str
    state: State
    rule: str
    sure: float
    source: str
    said_by: str | None
    time: str
    said: str
    taken: str | None
    taken_by: str | None


@dataclass(frozen=True)
class LinksFound:
    """The links that were said last, how many there are, and the ids that look wrong."""

    links: tuple[LinkRow, ...]
    standing: int
    possible: int
    taken: int
    suspects: tuple[Suspect, ...]


@dataclass(frozen=True)
class LinkDone:
    """What saying or taking back did: how many links changed, and whose ids those two are now."""

    changed: int
    one: str
    other: str
    joined: bool


@dataclass(frozen=True)
class LinksRead:
    """How many links a file has, and how many of them are new."""

    rows: int
    new: int


def links(
    workspace: Workspace, *, person: str | None = None, suspects: bool = False, limit: int = 200
) -> LinksFound:
    """Return the links that were said last.

    Parameters
    ----------
    person
        Only those of one person's raw ids; any of these ids names them.
    suspects
        Only those of ids that look wrong.
    limit
        How many links and suspects at most.
    """
    held = store.Links(workspace.store)
    count, odd = held.count(), held.suspects()
    if person is not None:
        snapshot = workspace.store.whole_snapshot(at_once=True)
        rows: Iterable[store.LinkRecord] = reversed(
            held.among(snapshot.ids_of(person), limit=limit)
        )
    elif suspects:
        rows = reversed(held.among([one.id for one in odd[:limit]], limit=limit))
    else:
        rows = held.newest(limit)
    told = _rows(workspace, rows)[:limit]
    return LinksFound(told, count.standing, count.possible, count.taken, odd[:limit])


def links_of(workspace: Workspace, ids: Iterable[str]) -> tuple[LinkRow, ...]:
    """Return every link that names one of some raw ids, those taken back included, the oldest first."""
    return _rows(workspace, store.Links(workspace.store).among(ids))


def link(workspace: Workspace, *, one: str, other: str, author: str = "") -> LinkDone:
    """Say that two raw ids are one person.

    Raises
    ------
    BadInput
        ``SAME_ID``, ``NO_ID``.
    """
    one, other = _ids(one, other)
    changed = store.Links(workspace.store).join(one, other, author=author)
    return _done(workspace, changed, (one, other))


def unlink(workspace: Workspace, *, one: str, other: str, author: str = "") -> LinkDone:
    """Take back every link between two raw ids; only ``link`` joins them directly again.

    Raises
    ------
    BadInput
        ``SAME_ID``, ``NO_ID``.
    UnknownName
        ``UNKNOWN_LINK`` when no link between them stands.
    """
    one, other = _ids(one, other)
    changed = store.Links(workspace.store).part(one, other, author=author)
    if not changed:
        raise UnknownName(
            "UNKNOWN_LINK",
            f"No link between {one!r} and {other!r} stands.",
            "Ids that are one person by way of others are taken apart where those are linked: pathworth links.",
        )
    return _done(workspace, changed, (one, other))


def import_links(
    workspace: Workspace, file: Path, *, rule: str = collect.OFFLINE, author: str = ""
) -> LinksRead:
    """Say every link of a CSV file, and return how many rows it has and how many of them are new.

    Parameters
    ----------
    file
        With a header; two columns of ids (``one`` and ``other``, else the first two), and optionally ``time``, ``rule``
        and ``sure`` (or ``probability``), 0 to 1.
    rule
        How they were found, where no column says it.
    author
        Who says so.

    Raises
    ------
    BadInput
        ``NO_FILE``, ``NO_LINKS_FILE``, ``BAD_LINK`` with its line; nothing was said then.
    """
    text = collect.text_of_links(file)
    return said_in(workspace, text, name=file.name, rule=rule, author=author)


def said_in(
    workspace: Workspace, text: str, *, name: str, rule: str = collect.OFFLINE, author: str = ""
) -> LinksRead:
    """Say every link of the text of a CSV file; as ``import_links``."""
    said = collect.LinksIn(text, name, rule=rule, author=author, zone=workspace.store.timezone)
    told = list(collect.links_in(said))
    return LinksRead(len(told), store.Links(workspace.store).say(told))


def _ids(one: str, other: str) -> tuple[str, str]:
    one, other = one.strip(), other.strip()
    if not one or not other:
        raise BadInput("NO_ID", "One of the two ids is empty.", "Name two raw ids.")
    if one == other:
        raise BadInput("SAME_ID", f"{one!r} is one id.", "Name two different ones.")
    return one, other


def _done(workspace: Workspace, changed: int, ids: tuple[str, str]) -> LinkDone:
    snapshot = workspace.store.whole_snapshot(at_once=True)
    persons = tuple(map(snapshot.person_of, ids))
    return LinkDone(changed, persons[0], persons[1], joined=persons[0] == persons[1])


def _rows(workspace: Workspace, records: Iterable[store.LinkRecord]) -> tuple[LinkRow, ...]:
    snapshot = workspace.store.whole_snapshot()
    return tuple(_row(snapshot, row) for row in records)


def _row(snapshot: store.Snapshot, row: store.LinkRecord) -> LinkRow:
    return LinkRow(
        one=row.one,
        other=row.other,
        state=_state(snapshot, row),
        rule=row.rule,
        sure=row.sure,
        source=row.source,
        said_by=row.author,
        time=to_iso(row.at_us),
        said=to_iso(row.said_us),
        taken=None if row.taken_us is None else to_iso(row.taken_us),
        taken_by=row.taken_by,
    )


def _state(snapshot: store.Snapshot, row: store.LinkRecord) -> State:
    if row.taken_us is not None:
        return "taken back"
    if row.possible:
        return "possible"
    return "applied" if snapshot.person_of(row.one) == snapshot.person_of(row.other) else "suspect"
