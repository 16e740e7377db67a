"""What is asked and said on pages, its revisions and whether it runs, as texts that the store does not read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import BigInteger, ForeignKey, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pathworth.base.errors import UnknownName
from pathworth.store.records.database import Base, lock
from pathworth.store.workspace import Workspace

AskState = Literal["draft", "running", "stopped"]


class AskRow(Base):
    """One question or message by its id."""

    __tablename__ = "asks"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    started_us: Mapped[int | None] = mapped_column(BigInteger)
    stopped_us: Mapped[int | None] = mapped_column(BigInteger)
    why: Mapped[str | None] = mapped_column(Text)


class AskRevisionRow(Base):
    """One revision of it; revisions are never changed."""

    __tablename__ = "ask_revisions"

    ask: Mapped[str] = mapped_column(ForeignKey("asks.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True)
class AskRecord:
    """A question or message as it is kept: its newest document, and since when it runs or why it does not."""

    id: str
    state: AskState
    revision: int
    document: str
    author: str
    created_at: str
    started_us: int | None
    stopped_us: int | None
    why: str | None


class Asks:
    """The questions and messages of a workspace.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._database = workspace.database

    def save(self, ask: str, document: str, *, author: str) -> int:
        """Keep a document as the next revision and return its number; the same text again gives no new one."""
        with self._database.session() as session:
            lock(session)
            if session.get(AskRow, ask) is None:
                session.add(AskRow(id=ask, state="draft"))
                session.flush()
            last = _newest(session, ask)
            if last is not None and last.document == document:
                return last.revision
            revision = 1 if last is None else last.revision + 1
            now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            made = AskRevisionRow(ask=ask, revision=revision, document=document)
            made.author, made.created_at = author, now
            session.add(made)
            return revision

    def get(self, ask: str) -> AskRecord:
        """Return one with its newest revision.

        Raises
        ------
        UnknownName
            ``UNKNOWN_ASK``.
        """
        with self._database.session() as session:
            return _record(session, _row(session, ask))

    def all(self) -> tuple[AskRecord, ...]:
        """Return every one with its newest revision, by id."""
        with self._database.session() as session:
            rows = session.scalars(select(AskRow).order_by(AskRow.id)).all()
            return tuple(_record(session, row) for row in rows)

    def start(self, ask: str, *, at_us: int) -> None:
        """Let it be shown from an instant on; raises ``UNKNOWN_ASK``."""
        with self._database.session() as session:
            row = _row(session, ask)
            row.state, row.started_us, row.stopped_us, row.why = "running", at_us, None, None

    def stop(self, ask: str, *, at_us: int, why: str) -> None:
        """Show it no more; raises ``UNKNOWN_ASK``."""
        with self._database.session() as session:
            row = _row(session, ask)
            if row.state == "running":
                row.state, row.stopped_us, row.why = "stopped", at_us, why


def _row(session: Session, ask: str) -> AskRow:
    row = session.get(AskRow, ask)
    if row is None:
        raise UnknownName.near("ask", ask, session.scalars(select(AskRow.id)))
    return row


def _newest(session: Session, ask: str) -> AskRevisionRow | None:
    order = AskRevisionRow.revision.desc()
    asked = select(AskRevisionRow).where(AskRevisionRow.ask == ask)
    return session.scalar(asked.order_by(order).limit(1))


def _record(session: Session, row: AskRow) -> AskRecord:
    newest = _newest(session, row.id)
    if newest is None:
        raise UnknownName.near("ask", row.id, ())
    return AskRecord(
        id=row.id,
        state=row.state,  # type: ignore[arg-type]  # written by this module alone
        revision=newest.revision,
        document=newest.document,
        author=newest.author,
        created_at=newest.created_at,
        started_us=row.started_us,
        stopped_us=row.stopped_us,
        why=row.why,
    )
