"""The tables of the ledger, and how their rows cross the store's door."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pathworth.store.identity.persons import Persons
from pathworth.store.records.consents import Consent, Rest, consents_of, rests_of
from pathworth.store.records.database import Base
from pathworth.store.records.person_states import MuteNote, Occasion, StateRow, states_of

_AT_ONCE = 500
REACHED = ("decided", "sending", "delivered", "unknown")


@dataclass(frozen=True)
class Decision:
    """One row of the ledger: what was decided for one person by one program, and what became of it.

    Parameters
    ----------
    id
        Its number in the ledger.
    key
        Unique: the same occasion is never decided twice.
    program, revision
        The program's document that decided.
    entity, unit
        The person, and whom the arm belongs to: the account where there is one, else the person.
    arm
        Whether the unit is treated by this program or held out, for ever.
    trigger_seq, trigger_us
        The event that gave the occasion, and when it happened.
    decided_us
        When it was decided.
    action, reasons
        ``send`` or ``nothing``; codes of every reason that applied, the first one being said first.
    channel, address
        How and where a message goes; null when none does.
    state
        ``none`` when nothing is sent; else ``decided``, ``sending``, ``delivered``, ``failed`` or ``unknown``.
    settled_us, answer
        When the state last changed, and what the other side said.
    """

    id: int
    key: str
    program: str
    revision: int
    entity: str
    unit: str
    arm: Literal["treated", "held out"]
    trigger_seq: int
    trigger_us: int
    decided_us: int
    action: Literal["send", "nothing"]
    reasons: tuple[str, ...]
    channel: str | None
    address: str | None
    state: Literal["none", "decided", "sending", "delivered", "failed", "unknown"]
    settled_us: int | None = None
    answer: str | None = None


class LedgerRow(Base):
    """One decision for one person by one program."""

    __tablename__ = "ledger"
    __table_args__ = (
        Index("ix_ledger_entity", "entity", "decided_us"),
        Index("ix_ledger_program", "program", "decided_us"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    program: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(Integer)
    entity: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    arm: Mapped[str] = mapped_column(Text)
    trigger_seq: Mapped[int] = mapped_column(BigInteger)
    trigger_us: Mapped[int] = mapped_column(BigInteger)
    decided_us: Mapped[int] = mapped_column(BigInteger)
    action: Mapped[str] = mapped_column(Text)
    reasons: Mapped[str] = mapped_column(Text)
    channel: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text, index=True)
    state: Mapped[str] = mapped_column(Text, index=True)
    settled_us: Mapped[int | None] = mapped_column(BigInteger)
    answer: Mapped[str | None] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    facts: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(Integer)
    not_before_us: Mapped[int] = mapped_column(BigInteger)
    left: Mapped[bool] = mapped_column(Boolean)


class MuteRow(Base):
    """One send after which its person did not want more."""

    __tablename__ = "mutes"

    decision: Mapped[int] = mapped_column(ForeignKey("ledger.id"), primary_key=True)
    program: Mapped[str] = mapped_column(Text, index=True)
    at_us: Mapped[int] = mapped_column(BigInteger)


@dataclass(frozen=True)
class Contact:
    """One message that reached a person or address, or may have: by which program, and when."""

    program: str
    at_us: int


@dataclass(frozen=True)
class Standing:
    """What is known of the people of some occasions at the moment of deciding.

    ``contacts`` by person; ``reached(addresses)`` returns contacts by address.
    """

    states: Mapping[str, StateRow]
    consents: Mapping[tuple[str, str, str], Consent]
    rests: Mapping[str, Rest]
    contacts: Mapping[str, tuple[Contact, ...]]
    reached: Callable[[Sequence[str]], Mapping[str, tuple[Contact, ...]]]


@dataclass(frozen=True)
class Verdict:
    """What becomes of one occasion.

    ``outcome`` ``decide`` writes a row, ``postpone`` waits until ``until_us`` noting ``reasons[0]``, ``void``
    forgets it because it was none. ``facts`` is what the message says of the person, as JSON.
    """

    outcome: Literal["decide", "postpone", "void"]
    arm: Literal["treated", "held out"] = "treated"
    action: Literal["send", "nothing"] = "nothing"
    reasons: tuple[str, ...] = ()
    channel: str | None = None
    address: str | None = None
    purpose: str = ""
    facts: str = "{}"
    until_us: int = 0


@dataclass(frozen=True)
class Outgoing:
    """A message about to be sent: its row, its facts, and how often it was tried before."""

    decision: Decision
    facts: str
    attempts: int


Judge = Callable[[Sequence[Occasion], Standing], Sequence[Verdict]]


def decision(row: LedgerRow) -> Decision:
    """Return a row as it crosses the store's door."""
    return Decision(
        id=row.id,
        key=row.key,
        program=row.program,
        revision=row.revision,
        entity=row.entity,
        unit=row.unit,
        arm=row.arm,  # type: ignore[arg-type]  # written from a verdict alone
        trigger_seq=row.trigger_seq,
        trigger_us=row.trigger_us,
        decided_us=row.decided_us,
        action=row.action,  # type: ignore[arg-type]
        reasons=tuple(json.loads(row.reasons)),
        channel=row.channel,
        address=row.address,
        state=row.state,  # type: ignore[arg-type]
        settled_us=row.settled_us,
        answer=row.answer,
    )


def standing(session: Session, entities: Sequence[str], *, persons: Persons) -> Standing:
    """Gather what is known of some people, under whichever of their ids, inside the transaction that decides."""
    now = {entity: persons.one(entity) for entity in entities}
    states = states_of(session, sorted({*entities, *now.values()}))
    whose, contacts = persons.asked_of(entities), dict[str, tuple[Contact, ...]]()
    for id_, reached in _contacts(session, "entity", list(whose)).items():
        for entity in whose[id_]:
            contacts[entity] = (*contacts.get(entity, ()), *reached)
    return Standing(
        states={
            entity: states.get(one) or states[entity]
            for entity, one in now.items()
            if one in states or entity in states
        },
        consents=consents_of(session, entities, persons=persons),
        rests=rests_of(session, entities, persons=persons),
        contacts=contacts,
        reached=lambda addresses: _contacts(session, "address", addresses),
    )


def count_mute(session: Session, note: MuteNote, *, ids: Sequence[str]) -> bool:
    """Count a mute against a program's newest send to a person, under any raw id; return whether there was one."""
    newest = session.scalar(
        select(func.max(LedgerRow.id))
        .where(LedgerRow.entity.in_(ids), LedgerRow.program == note.program)
        .where(LedgerRow.action == "send", LedgerRow.state.in_(REACHED))
        .where(LedgerRow.decided_us <= note.at_us)
        .where(LedgerRow.decided_us > note.at_us - note.within_us)
    )
    if newest is None or session.get(MuteRow, newest) is not None:
        return False
    session.add(MuteRow(decision=newest, program=note.program, at_us=note.at_us))
    session.flush()
    return True


def _contacts(
    session: Session, column: str, values: Sequence[str]
) -> dict[str, tuple[Contact, ...]]:
    found: dict[str, tuple[Contact, ...]] = {}
    table = LedgerRow.__table__.c
    whose = table[column]
    for start in range(0, len(values), _AT_ONCE):
        some = values[start : start + _AT_ONCE]
        asked = (
            select(whose, table.program, table.decided_us)
            .where(whose.in_(some), table.action == "send", table.state.in_(REACHED))
            .order_by(table.id)
        )
        for value, program, at_us in session.execute(asked):
            found[value] = (*found.get(value, ()), Contact(program, at_us))
    return found
