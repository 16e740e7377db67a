"""Programs, their revisions and whether they run, as texts that the store does not read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import BigInteger, ForeignKey, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pathworth.base.errors import UnknownName
from pathworth.store.records.database import Base, Database, Setting, lock
from pathworth.store.workspace import Workspace

ProgramState = Literal["draft", "running", "stopped"]


class ProgramRow(Base):
    """One program by its id."""

    __tablename__ = "programs"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    started_us: Mapped[int | None] = mapped_column(BigInteger)
    stopped_us: Mapped[int | None] = mapped_column(BigInteger)
    why: Mapped[str | None] = mapped_column(Text)


class ProgramRevisionRow(Base):
    """One revision of a program; revisions are never changed."""

    __tablename__ = "program_revisions"

    program: Mapped[str] = mapped_column(ForeignKey("programs.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True)
class ProgramRecord:
    """A program as it is kept: its newest document, and since when it runs or why it does not.

    ``started_us`` is the newest start, null before the first; ``why`` says what stopped it.
    """

    id: str
    state: ProgramState
    revision: int
    document: str
    author: str
    created_at: str
    started_us: int | None
    stopped_us: int | None
    why: str | None


class Programs:
    """The programs of a workspace.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._database: Database = workspace._database  # noqa: SLF001  # the store's own records

    def save(self, program: str, document: str, *, author: str) -> int:
        """Keep a document as the next revision and return its number; the same text again gives no new one."""
        with self._database.session() as session:
            lock(session)
            if session.get(ProgramRow, program) is None:
                session.add(ProgramRow(id=program, state="draft"))
                session.flush()
            last = _newest(session, program)
            if last is not None and last.document == document:
                return last.revision
            revision = 1 if last is None else last.revision + 1
            now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            made = {"program": program, "revision": revision, "document": document}
            session.add(ProgramRevisionRow(**made, author=author, created_at=now))
            return revision

    def get(self, program: str) -> ProgramRecord:
        """Return a program with its newest revision.

        Raises
        ------
        UnknownName
            ``UNKNOWN_PROGRAM``.
        """
        with self._database.session() as session:
            row = session.get(ProgramRow, program)
            if row is None:
                raise UnknownName.near("program", program, session.scalars(select(ProgramRow.id)))
            return _record(session, row)

    def all(self) -> tuple[ProgramRecord, ...]:
        """Return every program with its newest revision, by id."""
        with self._database.session() as session:
            rows = session.scalars(select(ProgramRow).order_by(ProgramRow.id)).all()
            return tuple(_record(session, row) for row in rows)

    def documents(self) -> dict[tuple[str, int], str]:
        """Return the document of every revision of every program."""
        with self._database.session() as session:
            rows = session.scalars(select(ProgramRevisionRow))
            return {(row.program, row.revision): row.document for row in rows}

    def start(self, program: str, *, at_us: int) -> None:
        """Let a program run from an instant on."""
        with self._database.session() as session:
            row = session.get_one(ProgramRow, program)
            row.state, row.started_us, row.stopped_us, row.why = "running", at_us, None, None

    def stop(self, program: str, *, at_us: int, why: str) -> bool:
        """Stop a program; return whether it ran."""
        with self._database.session() as session:
            lock(session)
            row = session.get_one(ProgramRow, program)
            if row.state != "running":
                return False
            row.state, row.stopped_us, row.why = "stopped", at_us, why
            return True

    def setting(self, key: str) -> Any:
        """Return a setting of the workspace, null when nobody set it."""
        with self._database.session() as session:
            row = session.get(Setting, key)
            return None if row is None else json.loads(row.value)

    def keep_setting(self, key: str, value: Any) -> None:
        """Keep a setting of the workspace."""
        with self._database.session() as session:
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


def _newest(session: Session, program: str) -> ProgramRevisionRow | None:
    order = ProgramRevisionRow.revision.desc()
    asked = select(ProgramRevisionRow).where(ProgramRevisionRow.program == program)
    return session.scalar(asked.order_by(order).limit(1))


def _record(session: Session, row: ProgramRow) -> ProgramRecord:
    newest = _newest(session, row.id)
    if newest is None:
        raise UnknownName.near("program", row.id, ())
    return ProgramRecord(
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
