"""Maps and their revisions, as texts that the store does not read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pathworth.base.errors import UnknownName
from pathworth.store.records.database import Database, MapRevisionRow, MapRow


@dataclass(frozen=True)
class MapRevision:
    """One revision of a map's document; ``created_at`` is ISO 8601 in UTC."""

    name: str
    revision: int
    document: str
    author: str
    created_at: str


def save_map(
    database: Database, name: str, *, document: str, author: str, first: bool = False
) -> int:
    """Save a map's document as its next revision and return that; the latest text again gives no new one.

    Parameters
    ----------
    document
        The map document as text.
    author
        Who saves it.
    first
        Whether it is only saved where the map has no revision yet; otherwise the latest is returned.
    """
    while True:
        try:
            with database.session() as session:
                last = _latest(session, name)
                if last is not None and (first or last.document == document):
                    return last.revision
                after = 0 if last is None else last.revision
                return _append(session, name, document=document, author=author, after=after)
        except IntegrityError:
            # Somebody saved the same revision number at the same moment; the next one is free.
            continue


def _latest(session: Session, name: str) -> MapRevisionRow | None:
    asked = select(MapRevisionRow).where(MapRevisionRow.map == name)
    return session.scalar(asked.order_by(MapRevisionRow.revision.desc()).limit(1))


def _append(session: Session, name: str, *, document: str, author: str, after: int) -> int:
    if session.get(MapRow, name) is None:
        session.add(MapRow(name=name))
        session.flush()
    revision = after + 1
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    session.add(
        MapRevisionRow(
            map=name, revision=revision, document=document, author=author, created_at=now
        )
    )
    return revision


def read_map(database: Database, name: str, *, revision: int | None) -> MapRevision:
    """Return a revision of a map, the latest when ``revision`` is null.

    Raises
    ------
    UnknownName
        ``UNKNOWN_MAP``, ``UNKNOWN_REVISION``.
    """
    with database.session() as session:
        asked = select(MapRevisionRow).where(MapRevisionRow.map == name)
        rows = {row.revision: row for row in session.scalars(asked)}
        if not rows:
            raise UnknownName.near("map", name, session.scalars(select(MapRow.name)))
        wanted = max(rows) if revision is None else revision
        if wanted not in rows:
            raise UnknownName.near("revision", str(wanted), map(str, rows))
        return _revision(rows[wanted])


def read_maps(database: Database) -> tuple[MapRevision, ...]:
    """Return the latest revision of every map, by name."""
    latest = (
        select(MapRevisionRow.map, func.max(MapRevisionRow.revision).label("revision"))
        .group_by(MapRevisionRow.map)
        .subquery()
    )
    asked = (
        select(MapRevisionRow)
        .join(
            latest,
            (MapRevisionRow.map == latest.c.map) & (MapRevisionRow.revision == latest.c.revision),
        )
        .order_by(MapRevisionRow.map)
    )
    with database.session() as session:
        return tuple(_revision(row) for row in session.scalars(asked))


def _revision(row: MapRevisionRow) -> MapRevision:
    return MapRevision(row.map, row.revision, row.document, row.author, row.created_at)
