"""What the page Data says: imports, sources, marks, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pathworth import store
from pathworth.base.errors import BadInput
from pathworth.base.instants import to_instant_us, to_iso
from pathworth.run.intake.daily import BlindSpotRow, blind_spots
from pathworth.run.privacy.veil import shown_text
from pathworth.run.workspace import Workspace
from pathworth.store import Snapshot

_SOURCE = "source"


@dataclass(frozen=True)
class ImportRow:
    """An import as people see it.

    Parameters
    ----------
    id, files, source
        Its number, the names of its files, and where the events came from.
    imported, author
        When and by whom.
    accepted, rejected, duplicates, shadowed
        Rows that became events, that could not be read, that were there already, and of the latter those that
        are kept aside because another import holds their event.
    daily
        Whether these are numbers by the day, which are no events.
    handed_in
        Whether these are events that were handed in one batch at a time.
    undone, undone_by
        When and by whom it was undone; null while it stands.
    """

    id: int
    files: tuple[str, ...]
    source: str
    imported: str
    author: str | None
    accepted: int
    rejected: int
    duplicates: int
    shadowed: int
    daily: bool
    handed_in: bool
    undone: str | None
    undone_by: str | None


@dataclass(frozen=True)
class RejectRow:
    """A row that could not be read: where it stood, why, and what it said."""

    file: str
    row: int
    code: str
    reason: str
    raw: str


@dataclass(frozen=True)
class Rejects:
    """Rows that an import could not read; ``count`` is how many there are in all."""

    count: int
    rows: tuple[RejectRow, ...]


@dataclass(frozen=True)
class SourceRow:
    """Where events come from: its name, how many, the first and the last of them, and what it does not see."""

    name: str
    events: int
    first: str
    last: str
    sees: BlindSpotRow | None = None


@dataclass(frozen=True)
class QuarantineRow:
    """Part of a batch that could not be read."""

    id: int
    batch: int
    place: int
    key: str
    received: str
    code: str
    reason: str
    raw: str


@dataclass(frozen=True)
class ReleaseRow:
    """A mark on every time chart: what happened, when, who or what said so, and a note."""

    id: int
    name: str
    time: str
    source: str
    note: str


def imports(workspace: Workspace) -> tuple[ImportRow, ...]:
    """Return every import, the newest first, those that were undone included."""
    return tuple(_import_row(one) for one in reversed(workspace.store.imports()))


def _import_row(one: store.ImportRecord) -> ImportRow:
    done = one.result
    return ImportRow(
        id=done.import_id,
        files=tuple(Path(file.path).name for file in one.files),
        source=one.source,
        imported=one.committed_at,
        author=one.author,
        accepted=done.accepted,
        rejected=done.rejected,
        duplicates=done.duplicates,
        shadowed=one.shadowed,
        daily=one.kind == "daily",
        handed_in=any(file.path == store.HANDED_IN for file in one.files),
        undone=one.undone_at,
        undone_by=one.undone_by,
    )


def rejects(workspace: Workspace, import_id: int, *, limit: int | None = None) -> Rejects:
    """Return the rows that an import could not read, in the order of its files.

    Raises
    ------
    UnknownName
        ``UNKNOWN_IMPORT``.
    """
    held = workspace.store.rejects(import_id)
    names = ("path", "row", "code", "reason", "raw")
    shown = held.select(names).slice(0, limit).to_pylist()
    for one in shown:
        one.update({name: shown_text(one[name]) for name in ("reason", "raw")})
    rows = (RejectRow(Path(one.pop("path")).name, **one) for one in shown)
    return Rejects(len(held), tuple(rows))


def sources(workspace: Workspace) -> tuple[SourceRow, ...]:
    """Return where the events of the journeys come from, the largest source first."""
    spots = {one.source: one for one in blind_spots(workspace)}
    return tuple(replace(one, sees=spots.get(one.name)) for one in _counted(workspace))


def _counted(workspace: Workspace) -> tuple[SourceRow, ...]:
    snapshot = workspace.store.whole_snapshot()
    if not snapshot.events:
        return ()
    if _SOURCE not in snapshot.columns:
        name = store.only_source(workspace.store)
        first, last = to_iso(snapshot.first_us), to_iso(snapshot.last_us)
        return (SourceRow(name, snapshot.events, first, last),)
    return tuple(sorted(_sources(snapshot), key=lambda row: (-row.events, row.name)))


def _sources(snapshot: Snapshot) -> Iterator[SourceRow]:
    for code, name in enumerate(snapshot.columns[_SOURCE].values, 1):
        times = []
        for place, shard in enumerate(snapshot.shards):
            shown = snapshot.shown_events(place)
            times.append(shard.time_us[shown][shard.columns[_SOURCE][shown] == code])
        every = np.concatenate(times)
        if len(every):
            first, last = to_iso(int(every.min())), to_iso(int(every.max()))
            yield SourceRow(name, len(every), first, last)


def quarantined(
    workspace: Workspace, *, after: int = 0, limit: int = 100
) -> tuple[QuarantineRow, ...]:
    """Return parts of batches that could not be read, the newest first."""
    rows = store.Inbox(workspace.store).quarantined(after=after, limit=limit)
    return tuple(
        QuarantineRow(
            one.id,
            one.batch,
            one.position,
            one.key,
            to_iso(one.received_us),
            one.code,
            shown_text(one.reason),
            shown_text(one.raw),
        )
        for one in rows
    )


def releases(workspace: Workspace) -> tuple[ReleaseRow, ...]:
    """Return the marks on time charts, by time."""
    return tuple(_release_row(one) for one in store.Releases(workspace.store).all())


def add_release(
    workspace: Workspace, name: str, *, at: str, source: str = "", note: str = ""
) -> ReleaseRow:
    """Put a mark on every time chart.

    Parameters
    ----------
    name
        What happened.
    at
        ISO date or instant; what carries no zone is read in the workspace's.
    source, note
        Who or what says so, and what else there is to say.

    Raises
    ------
    BadInput
        ``NO_RELEASE_NAME``.
    WrongUsage
        ``BAD_INSTANT``.
    """
    if not name.strip():
        raise BadInput("NO_RELEASE_NAME", "The release has no name.", "Name it: new pricing page.")
    time_us = to_instant_us(at, workspace.store.timezone)
    made = store.Releases(workspace.store).add(
        name.strip(), time_us=time_us, source=source, note=note
    )
    return _release_row(made)


def remove_release(workspace: Workspace, release_id: int) -> tuple[ReleaseRow, ...]:
    """Take a mark away, and return those that are left."""
    store.Releases(workspace.store).remove(release_id)
    return releases(workspace)


def _release_row(one: store.Release) -> ReleaseRow:
    return ReleaseRow(one.id, one.name, to_iso(one.time_us), one.source, one.note)
