"""Work that happens by itself: one row per job, with a lease that one process holds at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Text, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from pathworth.base.errors import UnknownName
from pathworth.store.records.database import Base

if TYPE_CHECKING:
    from pathworth.store.workspace import Workspace


class JobRow(Base):
    """One job; ``epoch`` rises whenever somebody takes the lease, so that an older holder is known as one."""

    __tablename__ = "jobs"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    period: Mapped[str] = mapped_column(Text)
    holder: Mapped[str | None] = mapped_column(Text)
    epoch: Mapped[int] = mapped_column(BigInteger)
    lease_us: Mapped[int | None] = mapped_column(BigInteger)
    next_us: Mapped[int | None] = mapped_column(BigInteger)
    started_us: Mapped[int | None] = mapped_column(BigInteger)
    ended_us: Mapped[int | None] = mapped_column(BigInteger)
    result: Mapped[str | None] = mapped_column(Text)
    error: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True)
class JobRecord:
    """A job as it stands.

    Parameters
    ----------
    period
        When it runs, in words.
    holder, epoch, lease_us
        Who holds the lease now and until when; null when nobody does. The epoch counts leases.
    next_us
        When it is due; null when something else than time decides.
    started_us, ended_us
        The last start and the last end.
    result, error
        What the last run said; the other one is null.
    """

    name: str
    period: str
    holder: str | None
    epoch: int
    lease_us: int | None
    next_us: int | None
    started_us: int | None
    ended_us: int | None
    result: str | None
    error: str | None


@dataclass(frozen=True)
class Jobs:
    """The jobs of a workspace."""

    workspace: Workspace

    def register(self, name: str, *, period: str, next_us: int | None) -> None:
        """Make a job known; one that is known keeps its state, and is due anew when its period changed."""
        try:
            with self.workspace.database.session() as session:
                row = session.get(JobRow, name)
                if row is None:
                    session.add(JobRow(name=name, period=period, epoch=0, next_us=next_us))
                elif row.period != period:
                    row.period, row.next_us = period, next_us
        except IntegrityError:
            # Another server registered it at the same moment.
            return

    def forget(self, keep: tuple[str, ...]) -> None:
        """Forget jobs that are no longer among these and that nobody holds."""
        with self.workspace.database.session() as session:
            for row in session.scalars(select(JobRow).where(JobRow.name.not_in(keep))):
                if row.holder is None:
                    session.delete(row)

    def take(
        self,
        name: str,
        *,
        holder: str,
        now_us: int,
        until_us: int,
        is_dead: Callable[[str], bool] | None = None,
    ) -> int | None:
        """Take the lease of a job that is due and return its epoch; null when it is not due or is held.

        Parameters
        ----------
        holder
            Who takes it, in words.
        until_us
            From then on somebody else may take it, unless it is held on to.
        is_dead
            Says of a holder whether it can never come back: its lease is free before it has run out.
        """
        # Most often it is neither due nor free, and looking holds nobody up.
        with self.workspace.database.session() as session:
            row = session.get(JobRow, name)
            if row is None or (row.next_us is not None and row.next_us > now_us):
                return None
            held = row.holder is not None and row.lease_us is not None and row.lease_us > now_us
            if held and (is_dead is None or not is_dead(row.holder or "")):
                return None
            seen = row.epoch
        due = or_(JobRow.next_us.is_(None), JobRow.next_us <= now_us)
        # Whoever else saw the same is told apart by the epoch: one of them takes it.
        taken = (
            update(JobRow)
            .where(JobRow.name == name, JobRow.epoch == seen, due)
            .values(holder=holder, lease_us=until_us, started_us=now_us, epoch=seen + 1)
            .returning(JobRow.epoch)
        )
        with self.workspace.database.writing() as session:
            return session.scalar(taken)

    def hold(self, name: str, *, epoch: int, until_us: int) -> bool:
        """Hold on to a lease; false when somebody else has taken it since."""
        held = (
            update(JobRow)
            .where(JobRow.name == name, JobRow.epoch == epoch, JobRow.holder.is_not(None))
            .values(lease_us=until_us)
            .returning(JobRow.epoch)
        )
        with self.workspace.database.writing() as session:
            return session.scalar(held) is not None

    def note(
        self,
        name: str,
        *,
        epoch: int,
        ended_us: int,
        until_us: int,
        result: str | None,
        error: str | None,
    ) -> bool:
        """Say how a run went and hold on to the lease; false, and nothing noted, when it is no longer ours."""
        return self._write(
            name, epoch, ended_us=ended_us, lease_us=until_us, result=result, error=error
        )

    def end(
        self,
        name: str,
        *,
        epoch: int,
        ended_us: int,
        next_us: int | None,
        result: str | None,
        error: str | None,
    ) -> bool:
        """Say how a run went and give the lease back; false, and nothing noted, when it is no longer ours."""
        return self._write(
            name,
            epoch,
            ended_us=ended_us,
            next_us=next_us,
            result=result,
            error=error,
            holder=None,
            lease_us=None,
        )

    def give_back(self, name: str, *, epoch: int) -> bool:
        """Give a lease back with nothing said."""
        return self._write(name, epoch, holder=None, lease_us=None)

    def ask(self, name: str, *, now_us: int) -> JobRecord:
        """Make a job due now.

        Raises
        ------
        UnknownName
            ``UNKNOWN_JOB``.
        """
        with self.workspace.database.session() as session:
            row = session.get(JobRow, name)
            if row is None:
                raise UnknownName.near("job", name, session.scalars(select(JobRow.name)))
            row.next_us = now_us
            return _record(row)

    def all(self) -> tuple[JobRecord, ...]:
        """Return every job by name."""
        with self.workspace.database.session() as session:
            return tuple(
                _record(row) for row in session.scalars(select(JobRow).order_by(JobRow.name))
            )

    def _write(self, name: str, epoch: int, **values: str | int | None) -> bool:
        written = (
            update(JobRow)
            .where(JobRow.name == name, JobRow.epoch == epoch, JobRow.holder.is_not(None))
            .values(**values)
            .returning(JobRow.epoch)
        )
        with self.workspace.database.writing() as session:
            return session.scalar(written) is not None


def _record(row: JobRow) -> JobRecord:
    return JobRecord(
        row.name,
        row.period,
        row.holder,
        row.epoch,
        row.lease_us,
        row.next_us,
        row.started_us,
        row.ended_us,
        row.result,
        row.error,
    )
