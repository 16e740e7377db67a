"""Programs, and questions and messages on pages: texts the store does not read, in revisions, started and stopped."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import BigInteger, ForeignKey, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pathworth.base.errors import UnknownName
from pathworth.store.records.database import Base, Setting, lock
from pathworth.store.workspace import Workspace

DocumentState = Literal["draft", "running", "stopped"]


class _DocumentRow(Base):
    """One document by its id."""

    __abstract__ = True

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    started_us: Mapped[int | None] = mapped_column(BigInteger)
    stopped_us: Mapped[int | None] = mapped_column(BigInteger)
    why: Mapped[str | None] = mapped_column(Text)


class _RevisionRow(Base):
    """One revision of the document ``of``; revisions are never changed."""

    __abstract__ = True

    of: Mapped[str]
    revision: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(Text)


class ProgramRow(_DocumentRow):
    """One program."""

    __tablename__ = "programs"


class ProgramRevisionRow(_RevisionRow):
    """One revision of a program."""

    __tablename__ = "program_revisions"

    of: Mapped[str] = mapped_column("program", ForeignKey("programs.id"), primary_key=True)


class AskRow(_DocumentRow):
    """One question or message."""

    __tablename__ = "asks"


class AskRevisionRow(_RevisionRow):
    """One revision of a question or message."""

    __tablename__ = "ask_revisions"

    of: Mapped[str] = mapped_column("ask", ForeignKey("asks.id"), primary_key=True)


@dataclass(frozen=True)
class DocumentRecord:
    """A document as it is kept: its newest text, and since when it runs or why it does not.

    ``started_us`` is the newest start, null before the first; ``why`` says what stopped it.
    """

    id: str
    state: DocumentState
    revision: int
    document: str
    author: str
    created_at: str
    started_us: int | None
    stopped_us: int | None
    why: str | None


class _Documents(ABC):
    """The documents of one kind in a workspace.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    _rows: type[_DocumentRow]
    _revisions: type[_RevisionRow]

    def __init__(self, workspace: Workspace) -> None:
        self._database = workspace.database

    def save(self, id_: str, document: str, *, author: str) -> int:
        """Keep a text as the next revision and return its number; the same text again gives no new one."""
        with self._database.session() as session:
            lock(session)
            if session.get(self._rows, id_) is None:
                session.add(self._rows(id=id_, state="draft"))
                session.flush()
            last = self._newest(session, id_)
            if last is not None and last.document == document:
                return last.revision
            revision = 1 if last is None else last.revision + 1
            now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            made = {"of": id_, "revision": revision, "document": document}
            session.add(self._revisions(**made, author=author, created_at=now))
            return revision

    def get(self, id_: str) -> DocumentRecord:
        """Return one with its newest revision.

        Raises
        ------
        UnknownName
            ``UNKNOWN_PROGRAM``, ``UNKNOWN_ASK``.
        """
        with self._database.session() as session:
            return self._record(session, self._row(session, id_))

    def all(self) -> tuple[DocumentRecord, ...]:
        """Return every one with its newest revision, by id."""
        with self._database.session() as session:
            rows = session.scalars(select(self._rows).order_by(self._rows.id)).all()
            return tuple(self._record(session, row) for row in rows)

    def documents(self) -> dict[tuple[str, int], str]:
        """Return the text of every revision of every one."""
        with self._database.session() as session:
            rows = session.scalars(select(self._revisions))
            return {(row.of, row.revision): row.document for row in rows}

    def start(self, id_: str, *, at_us: int) -> None:
        """Let one run from an instant on."""
        with self._database.session() as session:
            row = self._row(session, id_)
            row.state, row.started_us, row.stopped_us, row.why = "running", at_us, None, None

    def stop(self, id_: str, *, at_us: int, why: str) -> bool:
        """Stop one; return whether it ran."""
        with self._database.session() as session:
            lock(session)
            row = self._row(session, id_)
            if row.state != "running":
                return False
            row.state, row.stopped_us, row.why = "stopped", at_us, why
            return True

    @abstractmethod
    def _unknown(self, id_: str, known: Iterable[str]) -> UnknownName: ...

    def _row(self, session: Session, id_: str) -> _DocumentRow:
        row = session.get(self._rows, id_)
        if row is None:
            raise self._unknown(id_, session.scalars(select(self._rows.id)))
        return row

    def _newest(self, session: Session, id_: str) -> _RevisionRow | None:
        order = self._revisions.revision.desc()
        asked = select(self._revisions).where(self._revisions.of == id_)
        return session.scalar(asked.order_by(order).limit(1))

    def _record(self, session: Session, row: _DocumentRow) -> DocumentRecord:
        newest = self._newest(session, row.id)
        if newest is None:
            raise self._unknown(row.id, ())
        return DocumentRecord(
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


class Asks(_Documents):
    """The questions and messages on pages of a workspace."""

    _rows, _revisions = AskRow, AskRevisionRow

    def _unknown(self, id_: str, known: Iterable[str]) -> UnknownName:
        return UnknownName.near("ask", id_, known)


class Programs(_Documents):
    """The programs of a workspace, and the settings that they are sent by."""

    _rows, _revisions = ProgramRow, ProgramRevisionRow

    def _unknown(self, id_: str, known: Iterable[str]) -> UnknownName:
        return UnknownName.near("program", id_, known)

    def setting(self, key: str) -> Any:
        """Return a setting of the workspace, null when nobody set it."""
        with self._database.session() as session:
            row = session.get(Setting, key)
            return None if row is None else json.loads(row.value)

    def keep_setting(self, key: str, value: Any) -> None:
        """Keep a setting of the workspace."""
        with self._database.session() as session:
            lock(session)
            session.merge(Setting(key=key, value=json.dumps(value)))

    def first_setting(self, key: str, value: Any) -> Any:
        """Keep a setting unless there is one, and return what is kept."""
        with self._database.session() as session:
            lock(session)
            row = session.get(Setting, key)
            if row is None:
                session.add(Setting(key=key, value=json.dumps(value)))
                return value
            return json.loads(row.value)
