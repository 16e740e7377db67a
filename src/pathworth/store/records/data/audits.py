"""Dated audits as they were made, and the events that a person says are to be expected."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Text, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from pathworth.base.errors import UnknownName
from pathworth.store.records.database import Base, lock

if TYPE_CHECKING:
    from pathworth.store.workspace import Workspace


class AuditRow(Base):
    """The audit of one day; made again it takes the place of the one before."""

    __tablename__ = "audits"

    day: Mapped[str] = mapped_column(Text, primary_key=True)
    made_us: Mapped[int] = mapped_column(BigInteger)
    document: Mapped[str] = mapped_column(Text)


class ExpectedRow(Base):
    """An event that a person says is to be expected."""

    __tablename__ = "expected_events"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    note: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    said_us: Mapped[int] = mapped_column(BigInteger)


@dataclass(frozen=True)
class KeptAudit:
    """A dated audit: its local day (ISO), when it was made, and its document as JSON."""

    day: str
    made_us: int
    document: str


@dataclass(frozen=True)
class Expected:
    """An event that is to be expected: why, who said so, and when."""

    name: str
    note: str
    author: str
    said_us: int


class Audits:
    """The dated audits of a workspace.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._database = workspace.database

    def keep(self, audit: KeptAudit) -> None:
        """Keep an audit, instead of one of the same day."""
        with self._database.session() as session:
            lock(session)
            session.merge(AuditRow(**vars(audit)))

    def all(self, *, limit: int) -> tuple[KeptAudit, ...]:
        """Return audits, the newest day first."""
        asked = select(AuditRow).order_by(AuditRow.day.desc()).limit(limit)
        with self._database.session() as session:
            return tuple(_audit(row) for row in session.scalars(asked))

    def of(self, day: str) -> KeptAudit:
        """Return the audit of a day.

        Raises
        ------
        UnknownName
            ``UNKNOWN_AUDIT``.
        """
        with self._database.session() as session:
            row = session.get(AuditRow, day)
            if row is None:
                days = session.scalars(select(AuditRow.day).order_by(AuditRow.day.desc())).all()
                raise UnknownName.near("audit", day, days)
            return _audit(row)


class ExpectedEvents:
    """The events that people of a workspace say are to be expected.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._database = workspace.database

    def all(self) -> tuple[Expected, ...]:
        """Return them by name."""
        names = Expected.__dataclass_fields__
        with self._database.session() as session:
            rows = session.scalars(select(ExpectedRow).order_by(ExpectedRow.name))
            return tuple(Expected(*(getattr(row, name) for name in names)) for row in rows)

    def say(self, name: str, *, note: str, author: str) -> None:
        """Expect an event; said again, the newer note counts."""
        now = time.time_ns() // 1000
        with self._database.session() as session:
            lock(session)
            session.merge(ExpectedRow(name=name, note=note, author=author, said_us=now))

    def drop(self, name: str) -> None:
        """Expect it no longer.

        Raises
        ------
        UnknownName
            ``UNKNOWN_EXPECTED_EVENT``.
        """
        with self._database.session() as session:
            if session.get(ExpectedRow, name) is None:
                raise UnknownName(
                    "UNKNOWN_EXPECTED_EVENT",
                    f"Nobody says that {name!r} is to be expected.",
                    "GET /api/collect/tracking says of every event who expects it.",
                )
            session.execute(delete(ExpectedRow).where(ExpectedRow.name == name))


def _audit(row: AuditRow) -> KeptAudit:
    return KeptAudit(row.day, row.made_us, row.document)
