"""Opportunities that were accepted: what they were worth then, and every change since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import BigInteger, ForeignKey, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pathworth.base.errors import Refused, UnknownName
from pathworth.store.records.database import Base
from pathworth.store.workspace import Workspace

STATES = ("now", "next", "waiting", "stopped", "done")
CHANGEABLE = ("state", "owner", "due", "note", "experiment")
_OVER = ("stopped", "done")


class OpportunityRow(Base):
    """One accepted opportunity."""

    __tablename__ = "opportunities"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    row: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    map: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column()
    selection: Mapped[str] = mapped_column(Text)
    snapshot: Mapped[str] = mapped_column(Text)
    seq: Mapped[int] = mapped_column(BigInteger)
    step: Mapped[str] = mapped_column(Text)
    to: Mapped[str | None] = mapped_column(Text)
    property: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(Text)
    because: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(Text)
    worth_micro: Mapped[int] = mapped_column(BigInteger)
    low_micro: Mapped[int] = mapped_column(BigInteger)
    high_micro: Mapped[int] = mapped_column(BigInteger)
    accepted_us: Mapped[int] = mapped_column(BigInteger)
    accepted_by: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(Text)
    due: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    experiment: Mapped[str | None] = mapped_column(Text)


class OpportunityChangeRow(Base):
    """One change of one field of an opportunity."""

    __tablename__ = "opportunity_changes"

    opportunity: Mapped[int] = mapped_column(ForeignKey("opportunities.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    at_us: Mapped[int] = mapped_column(BigInteger)
    author: Mapped[str] = mapped_column(Text)
    field: Mapped[str] = mapped_column(Text)
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True)
class Expectation:
    """What is locked when an opportunity is accepted.

    Parameters
    ----------
    row, title, because
        The row of Do next: its id and its words.
    map, revision, selection, snapshot, seq
        What was asked of: the map's revision, the selection as text, and the state of the store.
    step, to, property, value
        The step, where it should lead, and the group of people.
    worth_micro, low_micro, high_micro
        Money a month in micro-units of the currency, with its interval.
    """

    row: str
    title: str
    because: str
    map: str
    revision: int
    selection: str
    snapshot: str
    seq: int
    step: str
    to: str | None
    property: str
    value: str
    currency: str
    worth_micro: int
    low_micro: int
    high_micro: int


@dataclass(frozen=True)
class OpportunityChange:
    """One change: who changed which field when, and from what to what."""

    at_us: int
    author: str
    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class OpportunityRecord:
    """An opportunity as it stands; ``due`` is an ISO date, ``history`` every change, the oldest first."""

    id: int
    expected: Expectation
    accepted_us: int
    accepted_by: str
    state: str
    owner: str | None
    due: str | None
    note: str | None
    experiment: str | None
    history: tuple[OpportunityChange, ...]


class Opportunities:
    """The opportunities of a workspace.

    Parameters
    ----------
    workspace
        Opened.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._database = workspace.database

    def accept(
        self,
        expected: Expectation,
        *,
        owner: str | None,
        due: str | None,
        author: str,
        at_us: int,
        state: str = "next",
    ) -> OpportunityRecord:
        """Accept an opportunity with what it is expected to be worth, for ever.

        Raises
        ------
        Refused
            ``ALREADY_ACCEPTED`` while the same row of the same map is not stopped or done.
        """
        _check_state(state)
        with self._database.session() as session:
            same = select(OpportunityRow.id).where(
                OpportunityRow.row == expected.row,
                OpportunityRow.map == expected.map,
                OpportunityRow.selection == expected.selection,
                OpportunityRow.state.not_in(_OVER),
            )
            there = session.scalar(same)
            if there is not None:
                raise Refused(
                    "ALREADY_ACCEPTED",
                    f"This stands in the plan already, as number {there}.",
                    "Change that one, or stop it first.",
                )
            row = OpportunityRow(
                **asdict(expected),
                accepted_us=at_us,
                accepted_by=author,
                state=state,
                owner=owner,
                due=due,
            )
            session.add(row)
            session.flush()
            return _record(session, row)

    def change(
        self, number: int, said: Mapping[str, str | None], *, author: str, at_us: int
    ) -> OpportunityRecord:
        """Change state, owner, due date, note or experiment; each change is kept in the history.

        Parameters
        ----------
        number
            Of the opportunity.
        said
            New values by field.

        Raises
        ------
        UnknownName
            ``UNKNOWN_OPPORTUNITY``, ``UNKNOWN_FIELD``, ``UNKNOWN_STATE``.
        """
        for field in said:
            if field not in CHANGEABLE:
                raise UnknownName.near("field", field, CHANGEABLE)
        if "state" in said:
            _check_state(said["state"] or "")
        with self._database.session() as session:
            row = _row(session, number)
            last = select(func.max(OpportunityChangeRow.position)).where(
                OpportunityChangeRow.opportunity == number
            )
            position = session.scalar(last) or 0
            for field, after in said.items():
                before = getattr(row, field)
                if before == after:
                    continue
                position += 1
                setattr(row, field, after)
                session.add(
                    OpportunityChangeRow(
                        opportunity=number,
                        position=position,
                        at_us=at_us,
                        author=author,
                        field=field,
                        before=before,
                        after=after,
                    )
                )
            session.flush()
            return _record(session, row)

    def get(self, number: int) -> OpportunityRecord:
        """Return one opportunity.

        Raises
        ------
        UnknownName
            ``UNKNOWN_OPPORTUNITY``.
        """
        with self._database.session() as session:
            return _record(session, _row(session, number))

    def all(self) -> tuple[OpportunityRecord, ...]:
        """Return every opportunity, the oldest first."""
        with self._database.session() as session:
            rows = session.scalars(select(OpportunityRow).order_by(OpportunityRow.id)).all()
            return tuple(_record(session, row) for row in rows)


def _row(session: Session, number: int) -> OpportunityRow:
    row = session.get(OpportunityRow, number)
    if row is None:
        known = session.scalars(select(OpportunityRow.id))
        raise UnknownName.near("opportunity", str(number), map(str, known))
    return row


def _record(session: Session, row: OpportunityRow) -> OpportunityRecord:
    asked = (
        select(OpportunityChangeRow)
        .where(OpportunityChangeRow.opportunity == row.id)
        .order_by(OpportunityChangeRow.position)
    )
    history = tuple(
        OpportunityChange(one.at_us, one.author, one.field, one.before, one.after)
        for one in session.scalars(asked)
    )
    locked = {name: getattr(row, name) for name in Expectation.__dataclass_fields__}
    return OpportunityRecord(
        id=row.id,
        expected=Expectation(**locked),
        accepted_us=row.accepted_us,
        accepted_by=row.accepted_by,
        state=row.state,
        owner=row.owner,
        due=row.due,
        note=row.note,
        experiment=row.experiment,
        history=history,
    )


def _check_state(state: str) -> None:
    if state not in STATES:
        raise UnknownName.near("state", state, STATES)
