"""Marks on every time chart: what was released, or what happened, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from pathworth.base.errors import UnknownName
from pathworth.store.records.data.arrivals import ID
from pathworth.store.records.database import Base

if TYPE_CHECKING:
    from pathworth.store.workspace import Workspace


class ReleaseRow(Base):
    """One mark."""

    __tablename__ = "releases"

    id: Mapped[int] = mapped_column(ID, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(Text)
    time_us: Mapped[int] = mapped_column(BigInteger, index=True)
    source: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True)
class Release:
    """A mark: its name, when, who or what said so, and a note."""

    id: int
    name: str
    time_us: int
    source: str
    note: str


class Releases:
    """The marks of a workspace.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._database = workspace.database

    def all(self) -> tuple[Release, ...]:
        """Return every mark by time."""
        with self._database.session() as session:
            rows = session.scalars(select(ReleaseRow).order_by(ReleaseRow.time_us, ReleaseRow.id))
            return tuple(_release(row) for row in rows)

    def add(self, name: str, *, time_us: int, source: str = "", note: str = "") -> Release:
        """Keep a mark; the same name at the same time again, as a deploy hook repeats it, is no second one.

        Parameters
        ----------
        name
            What was released.
        time_us
            When, microseconds since 1970 UTC.
        source, note
            Who or what said so, and what else there is to say.
        """
        with self._database.session() as session:
            known = select(ReleaseRow).where(ReleaseRow.name == name, ReleaseRow.time_us == time_us)
            row = session.scalar(known)
            if row is None:
                row = ReleaseRow(name=name, time_us=time_us, source=source, note=note)
                session.add(row)
                session.flush()
            return _release(row)

    def remove(self, release_id: int) -> None:
        """Forget a mark.

        Raises
        ------
        UnknownName
            ``UNKNOWN_RELEASE``.
        """
        with self._database.session() as session:
            row = session.get(ReleaseRow, release_id)
            if row is None:
                known = session.scalars(select(ReleaseRow.id)).all()
                raise UnknownName.near("release", str(release_id), map(str, known))
            session.delete(row)


def _release(row: ReleaseRow) -> Release:
    return Release(row.id, row.name, row.time_us, row.source, row.note)
