"""What is known of each person between events, and the occasions that wait to be decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Integer,
    LargeBinary,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from pathworth.store.identity.now import persons_now
from pathworth.store.records.consents import Consent, keep_answers
from pathworth.store.records.database import Base, Database, lock
from pathworth.store.workspace import Workspace

_AT_ONCE = 500


class PersonStateRow(Base):
    """One person's state; the stage that made it reads it."""

    __tablename__ = "person_states"

    entity: Mapped[str] = mapped_column(Text, primary_key=True)
    account: Mapped[str | None] = mapped_column(Text)
    seq: Mapped[int] = mapped_column(BigInteger)
    document: Mapped[bytes] = mapped_column(LargeBinary)


class OccasionRow(Base):
    """One occasion that waits for its decision."""

    __tablename__ = "occasions"

    program: Mapped[str] = mapped_column(Text, primary_key=True)
    entity: Mapped[str] = mapped_column(Text, primary_key=True)
    trigger_seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    trigger_us: Mapped[int] = mapped_column(BigInteger)
    due_us: Mapped[int] = mapped_column(BigInteger, index=True)
    revision: Mapped[int] = mapped_column(Integer)
    unit: Mapped[str] = mapped_column(Text)
    noted: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True)
class StateRow:
    """What is kept of one person: ``seq`` is the last event in it, ``document`` bytes of whoever made it."""

    entity: str
    account: str | None
    seq: int
    document: bytes


@dataclass(frozen=True)
class Occasion:
    """One person's occasion for one program: when it came, when it is decided, under which revision.

    ``unit`` is whom the arm belongs to; ``noted`` a reason that already put it off, else empty.
    """

    program: str
    entity: str
    trigger_seq: int
    trigger_us: int
    due_us: int
    revision: int
    unit: str
    noted: str = ""


@dataclass(frozen=True)
class MuteNote:
    """A person who does not want more: counted against the program's newest send of at most an age."""

    entity: str
    program: str
    at_us: int
    within_us: int


@dataclass(frozen=True)
class Turn:
    """What a feed changed.

    Parameters
    ----------
    states, occasions
        New states of people, new occasions.
    passed
        Occasions ``(program, entity, trigger_seq)`` that were none.
    answers, mutes
        Consents withdrawn, and sends that were muted.
    """

    states: tuple[StateRow, ...]
    occasions: tuple[Occasion, ...] = ()
    passed: tuple[tuple[str, str, int], ...] = ()
    answers: tuple[Consent, ...] = ()
    mutes: tuple[MuteNote, ...] = ()


class PersonStates:
    """The states of a workspace's people and their waiting occasions.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._database: Database = workspace._database  # noqa: SLF001  # the store's own records

    def turn(self, entities: Sequence[str], work: Callable[[Mapping[str, StateRow]], Turn]) -> Turn:
        """Read some people's states, let them be changed, and keep everything, in one transaction.

        Parameters
        ----------
        entities
            Whose states.
        work
            Takes the known states by person and returns what changed.
        """
        persons = persons_now(self._database)
        with self._database.writing() as session:
            lock(session)
            known = states_of(session, entities)
            turned = work(known)
            _write(session, turned, known)
            for note in turned.mutes:
                # The ledger's rows stand above people's states, and are asked at this one place.
                from pathworth.store.records.ledger_rows import count_mute

                count_mute(session, note, ids=persons.ids_of(note.entity))
        return turned

    def of(self, entity: str) -> StateRow | None:
        """Return one person's state, null when no event came since states are kept."""
        with self._database.session() as session:
            return states_of(session, [entity]).get(entity)

    def forget(self) -> None:
        """Let go of every state."""
        with self._database.session() as session:
            if session.scalar(select(PersonStateRow.entity).limit(1)) is not None:
                session.execute(delete(PersonStateRow))

    def waiting(
        self, program: str | None = None, *, entity: str | None = None, limit: int = 1000
    ) -> tuple[Occasion, ...]:
        """Return waiting occasions, the next one first."""
        asked = select(OccasionRow).order_by(OccasionRow.due_us, OccasionRow.entity).limit(limit)
        if program is not None:
            asked = asked.where(OccasionRow.program == program)
        if entity is not None:
            asked = asked.where(OccasionRow.entity == entity)
        with self._database.session() as session:
            return tuple(occasion(row) for row in session.scalars(asked))

    def waiting_count(self) -> dict[str, int]:
        """Return how many occasions wait, by program."""
        asked = select(OccasionRow.program, func.count()).group_by(OccasionRow.program)
        with self._database.session() as session:
            return {program: int(count) for program, count in session.execute(asked)}

    def next_due(self) -> int | None:
        """Return when the next occasion is due, null when none waits."""
        with self._database.session() as session:
            return session.scalar(select(func.min(OccasionRow.due_us)))


def occasion(row: OccasionRow) -> Occasion:
    """Return a row as it crosses the store's door."""
    return Occasion(
        row.program,
        row.entity,
        row.trigger_seq,
        row.trigger_us,
        row.due_us,
        row.revision,
        row.unit,
        row.noted,
    )


def states_of(session: Session, entities: Sequence[str]) -> dict[str, StateRow]:
    """Return the known states of some people."""
    found: dict[str, StateRow] = {}
    for start in range(0, len(entities), _AT_ONCE):
        some = entities[start : start + _AT_ONCE]
        table = PersonStateRow.__table__.c
        asked = select(table.entity, table.account, table.seq, table.document)
        for row in session.execute(asked.where(table.entity.in_(some))):
            found[row[0]] = StateRow(*row)
    return found


def _write(session: Session, turned: Turn, known: Mapping[str, StateRow]) -> None:
    rows = [
        {"entity": s.entity, "account": s.account, "seq": s.seq, "document": s.document}
        for s in turned.states
    ]
    new = [row for row in rows if row["entity"] not in known]
    if new:
        session.connection().execute(insert(PersonStateRow), new)
    old = [{"whose": row.pop("entity"), **row} for row in rows if row["entity"] in known]
    if old:
        table: Any = PersonStateRow.__table__
        change = (
            update(table)
            .where(table.c.entity == bindparam("whose"))
            .values(
                account=bindparam("account"), seq=bindparam("seq"), document=bindparam("document")
            )
        )
        session.connection().execute(change, old)
    if turned.passed:
        gone: Any = OccasionRow.__table__
        keys = [{"p": p, "e": e, "s": s} for p, e, s in turned.passed]
        session.connection().execute(
            delete(gone)
            .where(gone.c.program == bindparam("p"))
            .where(gone.c.entity == bindparam("e"))
            .where(gone.c.trigger_seq == bindparam("s")),
            keys,
        )
    if turned.answers:
        keep_answers(session, turned.answers)
    if turned.occasions:
        session.connection().execute(insert(OccasionRow), [vars(one) for one in turned.occasions])
