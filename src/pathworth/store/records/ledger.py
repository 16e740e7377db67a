"""The ledger: every decision for every person, written before any delivery, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from pathworth.base.errors import Refused, StoreTrouble, UnknownName
from pathworth.store.files import WriterLock
from pathworth.store.identity.now import persons_now
from pathworth.store.records.database import Database, lock
from pathworth.store.records.ledger_rows import (
    Decision,
    Judge,
    LedgerRow,
    MuteRow,
    Outgoing,
    Standing,
    Verdict,
    count_mute,
    decision,
    standing,
)
from pathworth.store.records.person_states import MuteNote, Occasion, OccasionRow
from pathworth.store.workspace import Workspace


@dataclass(frozen=True)
class LedgerCount:
    """How many decisions of a program ended alike."""

    program: str
    action: str
    state: str
    arm: str
    reasons: tuple[str, ...]
    count: int


class Ledger:
    """The ledger of a workspace.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._database: Database = workspace._database  # noqa: SLF001  # the store's own records
        self._sender = WriterLock(workspace.path / "sender.lock")

    def decide(
        self, judge: Judge, *, now_us: int, limit: int = 500
    ) -> tuple[int, tuple[Decision, ...]]:
        """Decide what is due: rows are written in the transaction that takes the occasions away.

        Parameters
        ----------
        judge
            Takes occasions and what is known of their people, and returns one verdict each.
        now_us
            The moment of deciding.
        limit
            How many occasions at most.

        Returns
        -------
        How many occasions were taken up, and the rows written.
        """
        due = select(*OccasionRow.__table__.c).where(OccasionRow.due_us <= now_us)
        order = (OccasionRow.due_us, OccasionRow.program, OccasionRow.entity)
        persons = persons_now(self._database)
        with self._database.session() as session:
            lock(session)
            rows = session.execute(due.order_by(*order).limit(limit))
            occasions = [Occasion(*row) for row in rows]
            if not occasions:
                return 0, ()
            known = standing(session, sorted({one.entity for one in occasions}), persons=persons)
            verdicts = judge(occasions, known)
            return len(occasions), _keep(session, occasions, verdicts, now_us=now_us)

    def last_written(self, entity: str, *, now_us: int) -> tuple[int | None, bool]:
        """Return when somebody was last written to, under any id (null for never), and whether they rest."""
        persons = persons_now(self._database)
        with self._database.session() as session:
            known = standing(session, [entity], persons=persons)
        reached = [one.at_us for one in known.contacts.get(entity, ())]
        rest = known.rests.get(entity)
        rests = rest is not None and (rest.until_us is None or rest.until_us > now_us)
        return max(reached, default=None), rests

    def take(
        self,
        check: Callable[[Sequence[Outgoing], Standing], Mapping[int, tuple[str, ...]]],
        *,
        now_us: int,
        limit: int = 1,
    ) -> tuple[Outgoing, ...]:
        """Mark the next messages as being sent, committed before the first byte leaves.

        Parameters
        ----------
        check
            Returns reasons, by row, why a message must not leave after all.
        now_us
            The moment of sending.
        limit
            How many messages at most.

        Returns
        -------
        The messages to send; what the check refused was settled as nothing sent.
        """
        asked = (
            select(LedgerRow)
            .where(LedgerRow.state == "decided", LedgerRow.not_before_us <= now_us)
            .order_by(LedgerRow.id)
            .limit(limit)
        )
        persons = persons_now(self._database)
        with self._database.session() as session:
            lock(session)
            while rows := session.scalars(asked).all():
                going = [Outgoing(decision(row), row.facts, row.attempts) for row in rows]
                known = standing(session, sorted({row.entity for row in rows}), persons=persons)
                refused = check(going, known)
                for row in rows:
                    _leave_or_refuse(row, refused.get(row.id), now_us)
                left = [one for one in going if one.decision.id not in refused]
                if left:
                    return tuple(left)
                session.flush()
            return ()

    def settle(
        self, row: int, state: str, *, answer: str, at_us: int, again_us: int | None = None
    ) -> None:
        """Write down what became of a message that was being sent.

        Parameters
        ----------
        row
            Its number.
        state
            ``delivered``, ``failed``, ``unknown``; ``decided`` to try again from ``again_us`` on.
        answer
            What the other side said.
        at_us
            When.
        """
        change = (
            update(LedgerRow)
            .where(LedgerRow.id == row, LedgerRow.state == "sending")
            .values(state=state, answer=answer, settled_us=at_us, attempts=LedgerRow.attempts + 1)
        )
        if again_us is not None:
            change = change.values(not_before_us=again_us)
        with self._database.session() as session:
            session.execute(change)

    def anything_to_send(self, *, now_us: int) -> bool:
        """Return whether a message may leave now, or one was left in the middle."""
        waits = (LedgerRow.state == "decided") & (LedgerRow.not_before_us <= now_us)
        asked = select(LedgerRow.id).where(waits | (LedgerRow.state == "sending")).limit(1)
        with self._database.session() as session:
            return session.scalar(asked) is not None

    def begin_sending(self, *, at_us: int) -> int | None:
        """Become the one sender; what a dead one left in the middle becomes unknown.

        Returns
        -------
        How many messages became unknown; null when another process is sending.
        """
        try:
            self._sender.take()
        except StoreTrouble:
            return None
        answer = "The process that sent it ended before the answer came."
        change = update(LedgerRow).where(LedgerRow.state == "sending")
        with self._database.session() as session:
            found = session.connection().execute(
                change.values(state="unknown", settled_us=at_us, answer=answer)
            )
            return found.rowcount

    def end_sending(self) -> None:
        """Let the next sender in."""
        self._sender.give_back()

    def resolve(self, row: int, *, again: bool, by: str, at_us: int) -> Decision:
        """Settle a message of unknown fate as a person decided: send it again, or leave it.

        Raises
        ------
        UnknownName
            ``UNKNOWN_DECISION``.
        Refused
            ``NOT_UNKNOWN`` when its fate is known or was settled before.
        """
        with self._database.session() as session:
            lock(session)
            found = self._row(session, row)
            if found.state != "unknown" or found.left:
                raise Refused(
                    "NOT_UNKNOWN",
                    f"Message {row} is {found.state}, and nothing waits for a decision.",
                    "Look at the list of unknown messages again.",
                )
            found.left, found.settled_us = not again, at_us
            found.state = "decided" if again else "unknown"
            found.not_before_us = at_us
            found.answer = f"{'Sent again' if again else 'Left as it is'} by {by}."
            return decision(found)

    def row(self, row: int) -> Decision:
        """Return one decision; raises ``UNKNOWN_DECISION``."""
        with self._database.session() as session:
            return decision(self._row(session, row))

    def facts(self, row: int) -> str:
        """Return what the message says of its person, as JSON; raises ``UNKNOWN_DECISION``."""
        with self._database.session() as session:
            return self._row(session, row).facts

    def rows(
        self,
        *,
        program: str | None = None,
        entity: str | None = None,
        state: str | None = None,
        since_us: int | None = None,
        until_us: int | None = None,
        limit: int | None = None,
        newest_first: bool = False,
    ) -> tuple[Decision, ...]:
        """Return decisions in the order in which they were made.

        Parameters
        ----------
        program, entity, state
            Which; null for all.
        since_us, until_us
            Decided from the first up to but without the second.
        limit
            How many at most.
        newest_first
            The newest first.
        """
        kept: dict[str, Any] = {"program": program, "entity": entity, "state": state}
        asked = select(LedgerRow).filter_by(**{k: v for k, v in kept.items() if v is not None})
        asked = _between(asked, since_us, until_us)
        asked = asked.order_by(LedgerRow.id.desc() if newest_first else LedgerRow.id)
        with self._database.session() as session:
            return tuple(decision(row) for row in session.scalars(asked.limit(limit)))

    def unknown(self) -> tuple[Decision, ...]:
        """Return messages of unknown fate that nobody settled, oldest first."""
        asked = select(LedgerRow).where(LedgerRow.state == "unknown", LedgerRow.left.is_(False))
        with self._database.session() as session:
            return tuple(decision(row) for row in session.scalars(asked.order_by(LedgerRow.id)))

    def counts(self, *, since_us: int | None = None) -> tuple[LedgerCount, ...]:
        """Return how many decisions ended alike, by program, action, state, arm and reasons."""
        table = LedgerRow
        keys = (table.program, table.action, table.state, table.arm, table.reasons)
        asked = (
            _between(select(*keys, func.count()), since_us, None).group_by(*keys).order_by(*keys)
        )
        with self._database.session() as session:
            return tuple(
                LedgerCount(program, action, state, arm, tuple(json.loads(reasons)), count)
                for program, action, state, arm, reasons, count in session.execute(asked)
            )

    def sends(self) -> dict[str, int]:
        """Return how many messages are in each state, by an index alone."""
        counts = select(LedgerRow.state, func.count()).where(LedgerRow.state != "none")
        with self._database.session() as session:
            rows = session.execute(counts.group_by(LedgerRow.state))
            return {row[0]: row[1] for row in rows}

    def mute(self, note: MuteNote) -> bool:
        """Count a mute; return whether there was a send to count it against."""
        ids = persons_now(self._database).ids_of(note.entity)
        with self._database.session() as session:
            lock(session)
            return count_mute(session, note, ids=ids)

    def sends_and_mutes(self, program: str, *, since_us: int) -> tuple[int, int]:
        """Return how many messages of a program left since an instant, and how many of them were muted."""
        sends = (
            select(func.count())
            .where(LedgerRow.program == program, LedgerRow.action == "send")
            .where(LedgerRow.state.in_(("delivered", "unknown")))
            .where(LedgerRow.decided_us >= since_us)
        )
        muted = (
            select(func.count())
            .select_from(MuteRow)
            .join(LedgerRow)
            .where(MuteRow.program == program, LedgerRow.decided_us >= since_us)
        )
        with self._database.session() as session:
            return session.scalar(sends) or 0, session.scalar(muted) or 0

    def _row(self, session: Session, row: int) -> LedgerRow:
        found = session.get(LedgerRow, row)
        if found is None:
            raise UnknownName(
                "UNKNOWN_DECISION", f"The ledger has no row {row}.", "Look in the decision feed."
            )
        return found


def _between(asked: Select, since_us: int | None, until_us: int | None) -> Select:
    if since_us is not None:
        asked = asked.where(LedgerRow.decided_us >= since_us)
    if until_us is not None:
        asked = asked.where(LedgerRow.decided_us < until_us)
    return asked


def _leave_or_refuse(row: LedgerRow, refused: tuple[str, ...] | None, now_us: int) -> None:
    row.settled_us = now_us
    if refused is None:
        row.state = "sending"
        return
    row.state, row.action = "none", "nothing"
    row.reasons = json.dumps([*refused, *json.loads(row.reasons)])


def _keep(
    session: Session, occasions: Sequence[Occasion], verdicts: Sequence[Verdict], *, now_us: int
) -> tuple[Decision, ...]:
    """Write rows for what was decided, take its occasions away, and put off what has to wait."""
    table: Any = OccasionRow.__table__
    place = (
        (table.c.program == bindparam("p"))
        & (table.c.entity == bindparam("e"))
        & (table.c.trigger_seq == bindparam("s"))
    )
    pairs = list(zip(occasions, verdicts, strict=True))
    waits = [
        {**_key(one), "until": max(said.until_us, now_us + 1), "why": said.reasons[0]}
        for one, said in pairs
        if said.outcome == "postpone"
    ]
    gone = [_key(one) for one, said in pairs if said.outcome != "postpone"]
    connection = session.connection()
    if waits:
        change = update(table).where(place)
        connection.execute(change.values(due_us=bindparam("until"), noted=bindparam("why")), waits)
    if gone:
        connection.execute(delete(table).where(place), gone)
    rows = [_row(one, said, now_us) for one, said in pairs if said.outcome == "decide"]
    if not rows:
        return ()
    made = insert(LedgerRow).returning(LedgerRow, sort_by_parameter_order=True)
    return tuple(decision(row) for row in session.scalars(made, rows))


def _key(one: Occasion) -> dict[str, Any]:
    return {"p": one.program, "e": one.entity, "s": one.trigger_seq}


def _row(one: Occasion, said: Verdict, now_us: int) -> dict[str, Any]:
    return {
        "key": f"{one.program}/{one.entity}/{one.trigger_seq}",
        "program": one.program,
        "revision": one.revision,
        "entity": one.entity,
        "unit": one.unit,
        "arm": said.arm,
        "trigger_seq": one.trigger_seq,
        "trigger_us": one.trigger_us,
        "decided_us": now_us,
        "action": said.action,
        "reasons": json.dumps(said.reasons),
        "channel": said.channel,
        "address": said.address,
        "state": "decided" if said.action == "send" else "none",
        "purpose": said.purpose,
        "facts": said.facts,
        "attempts": 0,
        "not_before_us": 0,
        "left": False,
    }
