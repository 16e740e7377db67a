"""Experiments as they were written down, locked before their start, begun and ended."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import BigInteger, Text, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from pathworth.base.errors import Refused, UnknownName
from pathworth.store.records.database import Base
from pathworth.store.workspace import Workspace


class ExperimentRow(Base):
    """One experiment; from its lock on only its end can still be written."""

    __tablename__ = "experiments"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    document: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    written_us: Mapped[int] = mapped_column(BigInteger)
    plan: Mapped[str | None] = mapped_column(Text)
    seal: Mapped[str | None] = mapped_column(Text)
    locked_us: Mapped[int | None] = mapped_column(BigInteger)
    begun_us: Mapped[int | None] = mapped_column(BigInteger)
    ended_us: Mapped[int | None] = mapped_column(BigInteger)
    ended_by: Mapped[str | None] = mapped_column(Text)
    ended_why: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True)
class ExperimentRecord:
    """An experiment as it is remembered.

    Parameters
    ----------
    id
        Short word, unique in the workspace.
    document, plan
        What it is, and what was planned when it was locked, as texts that the store does not read.
    author, ended_by
        Who wrote it, and who ended it.
    seal
        SHA-256 of what was locked, in hex; null before the lock.
    """

    id: str
    document: str
    author: str
    written_us: int
    plan: str | None = None
    seal: str | None = None
    locked_us: int | None = None
    begun_us: int | None = None
    ended_us: int | None = None
    ended_by: str | None = None
    ended_why: str | None = None

    @property
    def sound(self) -> bool:
        """Whether what was locked still reads as it did then."""
        if self.locked_us is None:
            return True
        return self.seal == _seal(self.id, self.document, plan=self.plan, at_us=self.locked_us)


class Experiments:
    """The experiments of a workspace.

    Parameters
    ----------
    workspace
        Opened.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._database = workspace.database

    def write(self, name: str, document: str, *, author: str, at_us: int) -> ExperimentRecord:
        """Write an experiment down, or write it anew while it is not locked.

        Raises
        ------
        Refused
            ``EXPERIMENT_LOCKED``.
        """
        said = {"document": document, "author": author, "written_us": at_us}
        with self._database.session() as session:
            if session.get(ExperimentRow, name) is None:
                session.add(ExperimentRow(id=name, **said))
                session.flush()
            open_ = (ExperimentRow.id == name) & ExperimentRow.locked_us.is_(None)
            if not _changed(session.execute(update(ExperimentRow).where(open_).values(**said))):
                raise _locked(name)
        return self.get(name)

    def drop(self, name: str) -> None:
        """Forget an experiment that was never locked; a locked one stays for ever.

        Raises
        ------
        UnknownName
            ``UNKNOWN_EXPERIMENT``.
        Refused
            ``EXPERIMENT_LOCKED``.
        """
        self.get(name)
        open_ = (ExperimentRow.id == name) & ExperimentRow.locked_us.is_(None)
        with self._database.session() as session:
            if not _changed(session.execute(delete(ExperimentRow).where(open_))):
                raise _locked(name)

    def lock(self, name: str, *, document: str, plan: str, at_us: int) -> ExperimentRecord:
        """Lock what an experiment is together with its plan: nothing of both can be changed from here on.

        Parameters
        ----------
        name
            Of the experiment.
        document
            As it was read when the plan was made; another text by now is refused.
        plan
            What was planned.
        at_us
            Now.

        Raises
        ------
        UnknownName
            ``UNKNOWN_EXPERIMENT``.
        Refused
            ``EXPERIMENT_LOCKED``, ``EXPERIMENT_REWRITTEN``.
        """
        seal = _seal(name, document, plan=plan, at_us=at_us)
        with self._database.session() as session:
            open_ = (
                (ExperimentRow.id == name)
                & ExperimentRow.locked_us.is_(None)
                & (ExperimentRow.document == document)
            )
            said = {"plan": plan, "seal": seal, "locked_us": at_us}
            locked = _changed(session.execute(update(ExperimentRow).where(open_).values(**said)))
        found = self.get(name)
        if locked:
            return found
        if found.locked_us is not None:
            raise _locked(name)
        raise Refused(
            "EXPERIMENT_REWRITTEN",
            f"The experiment {name} was written anew while it was being locked.",
            "Read it again, then lock it.",
        )

    def begin(self, name: str, *, at_us: int) -> ExperimentRecord:
        """Write down that a locked experiment begins.

        Raises
        ------
        UnknownName
            ``UNKNOWN_EXPERIMENT``.
        Refused
            ``EXPERIMENT_NOT_LOCKED``, ``EXPERIMENT_BEGUN``, ``EXPERIMENT_ENDED``.
        """
        ready = (
            (ExperimentRow.id == name)
            & (ExperimentRow.locked_us <= at_us)
            & ExperimentRow.begun_us.is_(None)
            & ExperimentRow.ended_us.is_(None)
        )
        with self._database.session() as session:
            done = _changed(
                session.execute(update(ExperimentRow).where(ready).values(begun_us=at_us))
            )
        found = self.get(name)
        if not done:
            raise _not_ready(found)
        return found

    def end(self, name: str, *, why: str, author: str, at_us: int) -> ExperimentRecord:
        """End a locked experiment for a reason; what it is stays as it was.

        Raises
        ------
        UnknownName
            ``UNKNOWN_EXPERIMENT``.
        Refused
            ``REASON_MISSING``, ``EXPERIMENT_NOT_LOCKED``, ``EXPERIMENT_ENDED``.
        """
        if not why.strip():
            raise Refused("REASON_MISSING", "An end needs its reason.", "Say in a sentence why.")
        running = (
            (ExperimentRow.id == name)
            & ExperimentRow.locked_us.is_not(None)
            & ExperimentRow.ended_us.is_(None)
        )
        said = {"ended_us": at_us, "ended_why": why.strip(), "ended_by": author}
        with self._database.session() as session:
            done = _changed(session.execute(update(ExperimentRow).where(running).values(**said)))
        found = self.get(name)
        if not done:
            raise _not_ready(found)
        return found

    def get(self, name: str) -> ExperimentRecord:
        """Return one experiment.

        Raises
        ------
        UnknownName
            ``UNKNOWN_EXPERIMENT``.
        """
        with self._database.session() as session:
            row = session.get(ExperimentRow, name)
            if row is None:
                known = session.scalars(select(ExperimentRow.id))
                raise UnknownName.near("experiment", name, known)
            return _record(row)

    def all(self) -> tuple[ExperimentRecord, ...]:
        """Return every experiment, the newest first."""
        order = (ExperimentRow.written_us.desc(), ExperimentRow.id)
        with self._database.session() as session:
            return tuple(map(_record, session.scalars(select(ExperimentRow).order_by(*order))))


def _record(row: ExperimentRow) -> ExperimentRecord:
    names = ExperimentRecord.__dataclass_fields__
    return ExperimentRecord(**{name: getattr(row, name) for name in names})


def _seal(name: str, document: str, *, plan: str | None, at_us: int) -> str:
    text = "\n".join((name, document, plan or "", str(at_us)))
    return hashlib.sha256(text.encode()).hexdigest()


def _changed(result: object) -> bool:
    return bool(getattr(result, "rowcount", 0))


def _locked(name: str) -> Refused:
    return Refused(
        "EXPERIMENT_LOCKED",
        f"The experiment {name} is locked; nothing of it can be changed.",
        "End it with a reason, and write another one.",
    )


def _not_ready(found: ExperimentRecord) -> Refused:
    if found.ended_us is not None:
        return Refused(
            "EXPERIMENT_ENDED",
            f"The experiment {found.id} has ended.",
            "Write another one.",
        )
    if found.begun_us is not None:
        return Refused(
            "EXPERIMENT_BEGUN",
            f"The experiment {found.id} runs already.",
            "Read it, or end it with a reason.",
        )
    return Refused(
        "EXPERIMENT_NOT_LOCKED",
        f"The experiment {found.id} was not locked before.",
        "Lock it first: what shall be read, and for how many, is fixed before the start.",
    )
