"""Saved segments: every definition that one ever had, with who saved it and when."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, ForeignKey, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pathworth.base.errors import UnknownName
from pathworth.base.segments import Segment, SegmentRevision
from pathworth.store.contracts import Snapshot
from pathworth.store.records.database import Base, Database, Stamp, lock

if TYPE_CHECKING:
    from pathworth.store.workspace import Workspace


class SegmentRow(Base):
    """One segment by its name; a deleted one keeps its revisions."""

    __tablename__ = "segments"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    deleted_us: Mapped[int | None] = mapped_column(BigInteger)
    deleted_by: Mapped[str | None] = mapped_column(Text)


class SegmentRevisionRow(Base):
    """One revision of a segment; revisions are never changed."""

    __tablename__ = "segment_revisions"

    segment: Mapped[str] = mapped_column(ForeignKey("segments.name"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(Text)
    steps: Mapped[str] = mapped_column(Text)
    map: Mapped[str | None] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    saved_us: Mapped[int] = mapped_column(BigInteger)


class Segments:
    """The segments of a workspace.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._database: Database = workspace.database

    def all(self) -> tuple[Segment, ...]:
        """Return every segment that is not deleted, by name."""
        return _read(self._database)

    def get(self, name: str) -> Segment:
        """Return one segment; raises ``UNKNOWN_SEGMENT`` with near names."""
        known = {one.name: one for one in self.all()}
        if name not in known:
            raise UnknownName.near("segment", name, known)
        return known[name]

    def save(self, name: str, given: SegmentRevision) -> Segment:
        """Keep a definition as the next revision, with the next number; the newest one again gives no new one.

        One that was deleted goes on with its old revisions. No two revisions are of the same moment.
        """
        with self._database.session() as session:
            lock(session)
            row = session.get(SegmentRow, name)
            if row is None:
                row = SegmentRow(name=name)
                session.add(row)
                session.flush()
            before = _revisions(session, name)
            newest = before[-1] if before else None
            number = 1 if newest is None else newest.revision + 1
            least = 0 if newest is None else newest.saved_us + 1
            made = replace(given, revision=number, saved_us=max(given.saved_us, least))
            same = newest is not None and _said(newest) == _said(made)
            if same and row.deleted_us is None:
                return Segment(name, before)
            row.deleted_us = row.deleted_by = None
            session.add(_row(name, made))
            return Segment(name, (*before, made))

    def delete(self, name: str, *, author: str, at_us: int) -> None:
        """Take a segment away; its revisions stay, for who saves it again. Raises ``UNKNOWN_SEGMENT``."""
        self.get(name)
        with self._database.session() as session:
            lock(session)
            row = session.get_one(SegmentRow, name)
            row.deleted_us, row.deleted_by = at_us, author


class SegmentsNow:
    """The segments as they stand, read anew when the database has changed, on the snapshots that are handed out.

    Parameters
    ----------
    database
        Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._read: tuple[Stamp, tuple[Segment, ...]] | None = None
        self._made: tuple[Snapshot, Snapshot] | None = None

    def on(self, snapshot: Snapshot) -> Snapshot:
        """Return a snapshot with the segments; the same object for as long as nothing changes."""
        segments = self._now()
        if segments == snapshot.segments:
            return snapshot
        with self._lock:
            made = self._made
            if made is None or made[0] is not snapshot or made[1].segments != segments:
                made = self._made = (snapshot, replace(snapshot, segments=segments))
            return made[1]

    def _now(self) -> tuple[Segment, ...]:
        stamp, held = self._database.stamp(), self._read
        if held is not None and held[0] == stamp:
            return held[1]
        found = _read(self._database)
        self._read = None if stamp is None else (stamp, found)
        return found


def _read(database: Database) -> tuple[Segment, ...]:
    with database.session() as session:
        asked = select(SegmentRow.name).where(SegmentRow.deleted_us.is_(None))
        names = session.scalars(asked.order_by(SegmentRow.name)).all()
        return tuple(Segment(name, _revisions(session, name)) for name in names)


def _revisions(session: Session, name: str) -> tuple[SegmentRevision, ...]:
    asked = select(SegmentRevisionRow).where(SegmentRevisionRow.segment == name)
    rows: Iterable[SegmentRevisionRow] = session.scalars(
        asked.order_by(SegmentRevisionRow.revision)
    )
    return tuple(
        SegmentRevision(
            revision=row.revision,
            who=row.who,
            author=row.author,
            saved_us=row.saved_us,
            steps=tuple((step, rule) for step, rule in json.loads(row.steps)),
            map_name=row.map,
        )
        for row in rows
    )


def _row(name: str, one: SegmentRevision) -> SegmentRevisionRow:
    return SegmentRevisionRow(
        segment=name,
        revision=one.revision,
        who=one.who,
        steps=json.dumps(one.steps, ensure_ascii=False),
        map=one.map_name,
        author=one.author,
        saved_us=one.saved_us,
    )


def _said(one: SegmentRevision) -> tuple[object, ...]:
    return one.who, one.steps, one.map_name
