"""Who agreed to what, with proof, and who rests: every answer is kept, the newest one counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Boolean, Integer, Text, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pathworth.store.erasing.rows import keep_proof
from pathworth.store.erasing.suppressed import erased_ids
from pathworth.store.identity.now import persons_now
from pathworth.store.identity.persons import Persons
from pathworth.store.records.database import Base, Database, lock
from pathworth.store.workspace import Workspace

_AT_ONCE = 500


class ConsentRow(Base):
    """One answer of one person to one purpose on one channel; never changed."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    entity: Mapped[str] = mapped_column(Text, index=True)
    channel: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    given: Mapped[bool] = mapped_column(Boolean)
    at_us: Mapped[int] = mapped_column(BigInteger)
    proof: Mapped[str] = mapped_column(Text)


class RestRow(Base):
    """One person who is left in peace, until an instant or for good."""

    __tablename__ = "rests"

    entity: Mapped[str] = mapped_column(Text, primary_key=True)
    until_us: Mapped[int | None] = mapped_column(BigInteger)
    why: Mapped[str] = mapped_column(Text)
    at_us: Mapped[int] = mapped_column(BigInteger)


@dataclass(frozen=True)
class Consent:
    """What a person answered: ``given`` or withdrawn, when, and how one knows."""

    entity: str
    channel: str
    purpose: str
    given: bool
    at_us: int
    proof: str


@dataclass(frozen=True)
class Rest:
    """A person who is left in peace; ``until_us`` is null for good."""

    entity: str
    until_us: int | None
    why: str
    at_us: int


@dataclass(frozen=True)
class ConsentCount:
    """How many people agree to a purpose on a channel now, and how many withdrew."""

    channel: str
    purpose: str
    given: int
    withdrawn: int


class Consents:
    """The consents of a workspace's people.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._database: Database = workspace._database  # noqa: SLF001  # the store's own records

    def add(self, answers: Sequence[Consent]) -> None:
        """Keep answers, in their order, in one transaction."""
        if not answers:
            return
        with self._database.session() as session:
            lock(session)
            keep_answers(session, answers)

    def of(self, entity: str) -> tuple[Consent, ...]:
        """Return everything a person ever answered, under whichever of their ids, oldest first."""
        ids = persons_now(self._database).ids_of(entity)
        asked = select(ConsentRow).where(ConsentRow.entity.in_(ids)).order_by(ConsentRow.id)
        with self._database.session() as session:
            return tuple(_consent(row) for row in session.scalars(asked))

    def now(self, entities: Sequence[str]) -> dict[tuple[str, str, str], Consent]:
        """Return the answers that count, by person, channel and purpose."""
        persons = persons_now(self._database)
        with self._database.session() as session:
            return consents_of(session, entities, persons=persons)

    def counts(self) -> tuple[ConsentCount, ...]:
        """Return how many people agree to each purpose on each channel."""
        newest = (
            select(func.max(ConsentRow.id))
            .group_by(ConsentRow.entity, ConsentRow.channel, ConsentRow.purpose)
            .scalar_subquery()
        )
        asked = (
            select(
                ConsentRow.channel,
                ConsentRow.purpose,
                func.sum(func.cast(ConsentRow.given, Integer)),
                func.count(),
            )
            .where(ConsentRow.id.in_(newest))
            .group_by(ConsentRow.channel, ConsentRow.purpose)
            .order_by(ConsentRow.channel, ConsentRow.purpose)
        )
        with self._database.session() as session:
            return tuple(
                ConsentCount(channel, purpose, int(given), int(every) - int(given))
                for channel, purpose, given, every in session.execute(asked)
            )

    def answered(self) -> tuple[str, ...]:
        """Return every raw id that ever answered, in whichever way."""
        with self._database.session() as session:
            return tuple(session.scalars(select(ConsentRow.entity).distinct()))

    def rest(self, rest: Rest) -> None:
        """Leave a person in peace."""
        with self._database.session() as session:
            lock(session)
            if not erased_ids(session).has(rest.entity):
                session.merge(RestRow(**vars(rest)))

    def end_rest(self, entity: str) -> None:
        """End a person's rest, under whichever of their ids; harmless without one."""
        ids = persons_now(self._database).ids_of(entity)
        with self._database.session() as session:
            session.execute(delete(RestRow).where(RestRow.entity.in_(ids)))

    def rest_of(self, entity: str) -> Rest | None:
        """Return the rest of a person, under whichever of their ids; null without one."""
        persons = persons_now(self._database)
        with self._database.session() as session:
            return rests_of(session, [entity], persons=persons).get(entity)

    def rests(self) -> tuple[Rest, ...]:
        """Return everybody who rests or rested, by id."""
        with self._database.session() as session:
            rows = session.scalars(select(RestRow).order_by(RestRow.entity))
            return tuple(Rest(row.entity, row.until_us, row.why, row.at_us) for row in rows)


def keep_answers(session: Session, answers: Sequence[Consent]) -> None:
    """Keep answers; of somebody who was erased that it was given, and not by whom."""
    erased = erased_ids(session)
    known = [one for one in answers if not erased.has(one.entity)]
    if known:
        session.connection().execute(insert(ConsentRow), [vars(one) for one in known])
    keep_proof(session, [one for one in answers if erased.has(one.entity)], salt=erased.salt)


def consents_of(
    session: Session, entities: Sequence[str], *, persons: Persons
) -> dict[tuple[str, str, str], Consent]:
    """Return the newest answers of some people, by person, channel and purpose; a person answers under any id."""
    found: dict[tuple[str, str, str], Consent] = {}
    whose = persons.asked_of(entities)
    table = ConsentRow.__table__.c
    columns = (table.entity, table.channel, table.purpose, table.given, table.at_us, table.proof)
    rows: list[tuple[Any, ...]] = []
    for some in _some(list(whose)):
        asked = select(table.id, *columns).where(table.entity.in_(some))
        rows += [tuple(row) for row in session.execute(asked)]
    for row in sorted(rows):
        for entity in whose[row[1]]:
            found[entity, row[2], row[3]] = Consent(entity, *row[2:])
    return found


def rests_of(session: Session, entities: Sequence[str], *, persons: Persons) -> dict[str, Rest]:
    """Return who of some people rests; of several ids of one person the longest rest counts."""
    found: dict[str, Rest] = {}
    whose = persons.asked_of(entities)
    for some in _some(list(whose)):
        for row in session.scalars(select(RestRow).where(RestRow.entity.in_(some))):
            for entity in whose[row.entity]:
                held = found.get(entity)
                if held is None or _longer(row.until_us, held.until_us):
                    found[entity] = Rest(entity, row.until_us, row.why, row.at_us)
    return found


def _longer(one: int | None, other: int | None) -> bool:
    """Return whether a rest ends later than another; null is never."""
    return other is not None and (one is None or one > other)


def _some(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


def _consent(row: ConsentRow) -> Consent:
    return Consent(row.entity, row.channel, row.purpose, row.given, row.at_us, row.proof)
